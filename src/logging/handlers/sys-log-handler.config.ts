// A SysLogHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { External } from '../config/references.ts';
import { boolean, integer, nullable, type Reader, text, wrongType } from '../config/section.ts';
import { SysLogHandler } from './sys-log-handler.ts';
import { syslogFacilities } from './sys-log-priorities.ts';

/** A host and a port, or a path: Python's tuple is a list here. */
const address: Reader<readonly [string, number] | string> = (value, path, document) => {
  if (!Array.isArray(value)) return text(value, path, document);
  if (value.length !== 2) throw wrongType(path, 'a host and a port', value);
  return [text(value[0], path, document), integer(value[1], path, document)];
};

const FACILITY_PREFIXES = ['logging.handlers.SysLogHandler.', 'handlers.SysLogHandler.'];

const facility: Reader<number | string> = (value, path) => {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return value as number | string;
  if (value instanceof External) {
    for (const prefix of FACILITY_PREFIXES) {
      const name = value.name.startsWith(prefix) ? value.name.slice(prefix.length) : '';
      if (Object.hasOwn(syslogFacilities, name)) return syslogFacilities[name as keyof typeof syslogFacilities];
    }
  }
  throw wrongType(path, "a facility's name or number", value);
};

const SOCKTYPES: ReadonlyMap<unknown, 'udp' | 'tcp'> = new Map([
  ['socket.SOCK_DGRAM', 'udp'],
  ['socket.SOCK_STREAM', 'tcp'],
]);

const socktype: Reader<'udp' | 'tcp'> = (value, path) => {
  const type = value instanceof External ? SOCKTYPES.get(value.name) : undefined;
  if (type === undefined) throw wrongType(path, 'ext://socket.SOCK_DGRAM or ext://socket.SOCK_STREAM', value);
  return type;
};

export const sysLogHandler: HandlerClass = {
  name: 'logging.handlers.SysLogHandler',
  positional: ['address', 'facility', 'socktype'],
  make: (keywords, { maxPending }) =>
    new SysLogHandler(
      given({
        address: keywords.read('address', address),
        facility: keywords.read('facility', facility),
        socktype: keywords.read('socktype', nullable(socktype)) ?? undefined,
        maxPending,
      }),
    ),

  setAttributes(handler, attributes) {
    if (!(handler instanceof SysLogHandler)) return;
    handler.ident = attributes.read('ident', text) ?? handler.ident;
    handler.appendNul = attributes.read('append_nul', boolean) ?? handler.appendNul;
  },
};
