// Who may send: what settings must say before anybody but this machine is listened to. Binds nothing.

import { isLoopback } from '../../net/listen/index.ts';
import type { Listener } from './listeners.ts';
import type { ServeSettings } from './settings.ts';

/** The settings that let senders in, or keep them out. */
export type AccessSettings = Pick<
  ServeSettings,
  'tlsCert' | 'tlsKey' | 'tlsCa' | 'unixMode' | 'allowFrom' | 'insecure' | 'metrics' | 'globals' | 'allow'
>;

/** What is wrong with settings, in one line for their user; null where they can be served. */
export function faultOf(listeners: readonly Listener[], settings: AccessSettings): string | null {
  return contradictionIn(listeners, settings) ?? exposureOf(listeners, settings);
}

/** Settings that need one another, or mean nothing without each other. */
function contradictionIn(listeners: readonly Listener[], settings: AccessSettings): string | null {
  const { tlsCert, tlsKey, tlsCa, unixMode, globals, allow } = settings;
  const tls = listeners.find(({ isTls }) => isTls);
  const hasTlsFiles = [tlsCert, tlsKey, tlsCa].some((file) => file !== undefined);
  if (tls !== undefined && (tlsCert === undefined || tlsKey === undefined)) {
    return `${tls.name} needs a certificate: --tls-cert and --tls-key`;
  }
  if (tls === undefined && hasTlsFiles) {
    return '--tls-cert, --tls-key and --tls-ca are for TLS, and nothing listens with it: add --listen tls://…';
  }
  if (unixMode !== undefined && !listeners.some(({ endpoint }) => endpoint.transport === 'unix')) {
    return '--unix-mode is for Unix sockets, and there is none: add --listen unix:…';
  }
  if (allow.length > 0 && globals !== 'reject') {
    return '--allow goes with --globals reject: otherwise every class is kept as data';
  }
  return null;
}

/** A machine that can reach a listener can write into the logs: other machines only where that was said. */
function exposureOf(listeners: readonly Listener[], settings: AccessSettings): string | null {
  const { tlsCa, allowFrom, insecure = false, metrics } = settings;
  if (insecure) return null;
  if (metrics !== undefined && !isLoopback(metrics.host)) {
    return (
      `--metrics on ${metrics.host} can be read by other machines: ` +
      'give a loopback address, or --insecure if everybody may read them'
    );
  }
  if (allowFrom.length > 0) return null;
  const open = listeners.find(({ isUnix, isTls, host }) => {
    return !isUnix && !(host !== null && isLoopback(host)) && !(isTls && tlsCa !== undefined);
  });
  if (open === undefined) return null;
  return (
    `${open.name} can be reached by other machines, which could all send records: say who may with tls:// and --tls-ca ` +
    '(senders with a certificate) or with --allow-from (addresses and networks), or --insecure if everybody may'
  );
}
