// `picklewire serve`: receives records and writes them as lines.

import { once } from 'node:events';
import { Command } from 'commander';
import { ListenError, TlsSettingsError } from '../../net/index.ts';
import { safeGlobals } from '../../pickle/index.ts';
import { createReceiver, type Receiver, type ReceiverOptions } from '../../receiver/index.ts';
import { CommandFailure, failure } from '../command-failure.ts';
import { Messages } from '../monitoring/messages.ts';
import { Reporter } from '../monitoring/reporter.ts';
import { StatusServer, type StatusSources } from '../monitoring/status-server.ts';
import { faultOf } from '../settings/access.ts';
import { type ReadConfig, readConfigFile } from '../settings/config-file.ts';
import { type HostPort, type Listener, listenersOf } from '../settings/listeners.ts';
import { addSettings, type ServeSettings, settingsOf } from '../settings/settings.ts';
import { Certificates } from './certificates.ts';
import { ConfigPipeline } from './config-pipeline.ts';
import { KeyRing } from './key-ring.ts';
import { connectionsWithin, readLimits } from './open-files.ts';
import { openOutput, openStreams } from './output.ts';
import { FlagPipeline, type OutputPipeline } from './output-pipeline.ts';
import type { Status } from './status.ts';

export function serveCommand(status: Status): Command {
  const command = new Command('serve').description('receive log records and write them as lines');
  addSettings(command);
  return command.action(async ({ config: path }: { config?: string }) => {
    const config = path === undefined ? null : readConfigFile(path);
    const settings = settingsOf(command, config?.settings ?? new Map());
    const listeners = listenersOf(settings.listen, process.env, process.pid);
    const fault = faultOf(listeners, settings);
    if (fault !== null) command.error(`error: ${fault}`);
    await serve({ settings, listeners, config }, status);
  });
}

/** What is to be served, and how. */
interface Serving {
  readonly settings: ServeSettings;
  readonly listeners: readonly Listener[];
  readonly config: ReadConfig | null;
}

async function serve({ settings, listeners, config }: Serving, status: Status): Promise<void> {
  const stop = new AbortController();
  const messages = new Messages((line) => process.stderr.write(line));
  let quiet = false;
  let ready = false;
  const keys = settings.hmacKey === undefined ? null : new KeyRing(settings.hmacKey, messages);
  const certificates = certificatesOf(settings, messages);
  // Loaded where it is asked for only.
  const metrics = settings.metrics === undefined ? null : new (await import('../monitoring/metrics.ts')).Metrics();
  const receiver = makeReceiver({
    ...receiverOptions(settings, listeners),
    tls: certificates?.read(),
    verify: keys?.verifier,
    onRecord: metrics?.onRecord,
  });
  // What opens files comes last of what may fail.
  const pipeline = openPipeline(settings, config, {
    messages,
    // Where there are keys or certificates to read again, that is what the signal is for.
    stop: () => keys === null && certificates === null && stop.abort(),
    pipeClosed: () => {
      // The reader of standard output is gone (`serve | head`): that is the end, and stderr may be gone too.
      quiet = true;
      stop.abort();
    },
  });
  if (config !== null) messages.manager = () => pipeline.manager;
  receiver.manager = pipeline.manager;
  const reporter = new Reporter(receiver, pipeline.losses, messages);
  status.summary = () => `picklewire: ${reporter.summary()}`;

  // From here on a signal ends the program well. A terminal and npm may both send the same one: the first counts.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  process.on('SIGHUP', () => {
    keys?.reload();
    certificates?.reload(receiver);
    pipeline.reload(receiver);
  });
  if (settings.metrics !== undefined && metrics !== null) {
    metrics.watch(receiver, pipeline.losses);
    await serveStatus(settings.metrics, { metrics: () => metrics.text(), isReady: () => ready }, messages);
  }
  await listen(receiver, messages);
  ready = true;
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  ready = false;
  // Where the reader of the output is gone, what peers still send is not waited for; but a configuration's files want it.
  await receiver.close(quiet ? { limit: config === null ? 0 : 1000 } : {});
  try {
    await pipeline.close();
  } catch (error) {
    if (!quiet) {
      process.stderr.write(`${status.summary()}\n`);
      throw error;
    }
  }
  if (!quiet) process.stderr.write(`${status.summary()}\n`);
  process.exit(0);
}

function certificatesOf(settings: ServeSettings, messages: Messages): Certificates | null {
  const { tlsCert: cert, tlsKey: key, tlsCa: ca, tlsMaxVersion: maxVersion } = settings;
  return cert === undefined || key === undefined ? null : new Certificates({ cert, key, ca, maxVersion }, messages);
}

interface PipelineEvents {
  readonly messages: Messages;
  readonly stop: () => void;
  readonly pipeClosed: () => void;
}

function openPipeline(settings: ServeSettings, config: ReadConfig | null, events: PipelineEvents): OutputPipeline {
  const { messages, stop, pipeClosed } = events;
  const { maxBacklog } = settings;
  if (config === null) return new FlagPipeline(openOutput(settings, pipeClosed), stop, messages);
  const outputs = openStreams(maxBacklog, pipeClosed);
  return new ConfigPipeline({ path: settings.config as string, config, outputs, maxBacklog, messages });
}

function receiverOptions(settings: ServeSettings, listeners: readonly Listener[]): ReceiverOptions {
  const { maxFrame, logname, globals, allow, unixMode, allowFrom } = settings;
  const { maxConnections, maxConnectionsPerAddress, maxUnfinished, maxUnfinishedPerAddress, frameTimeout } = settings;
  return {
    listen: listeners.map(({ endpoint }) => endpoint),
    unixMode,
    allowFrom: allowFrom.length > 0 ? allowFrom : undefined,
    connectionLimits: {
      maxConnections: connectionsWithin(readLimits(), maxConnections),
      maxConnectionsPerAddress,
      maxUnfinished,
      maxUnfinishedPerAddress,
      frameTimeout: frameTimeout * 1000,
    },
    maxFrame,
    logname,
    unknownGlobals: globals,
    allow: [...safeGlobals, ...allow],
  };
}

function makeReceiver(options: ReceiverOptions): Receiver {
  try {
    return createReceiver(options);
  } catch (error) {
    throw error instanceof TlsSettingsError ? failure('cannot use the files of --tls-cert and its like', error) : error;
  }
}

async function serveStatus(at: HostPort, sources: StatusSources, messages: Messages): Promise<void> {
  const url = await new StatusServer(sources).listen(at);
  messages.announce('cli', `metrics on ${url}/metrics`);
}

async function listen(receiver: Receiver, messages: Messages): Promise<void> {
  try {
    await receiver.listen();
  } catch (error) {
    throw error instanceof ListenError ? new CommandFailure(error.message) : error;
  }
  for (const { url } of receiver.bound) messages.announce('net', `listening on ${url}`);
}
