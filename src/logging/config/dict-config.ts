// Python's `logging.config.dictConfig`: a document of formatters, filters, handlers and loggers, put into effect whole or
// not at all.

import type { Handler } from '../handler.ts';
import { defaultManager, type Manager, shutdown } from '../manager.ts';
import { ConfigBuilder, type Factory, type HandlerDescription, type LoggerSettings } from './build.ts';
import { ConfigError } from './config-error.ts';
import type { StandardStreams } from './handler-class.ts';
import { ConfigDocument } from './references.ts';
import { boolean, levelIn, nullable, Section } from './section.ts';

export interface DictConfigOptions {
  /** Whose loggers are configured. Default: the default Manager. */
  readonly manager?: Manager | undefined;
  /** What may stand under `()`, by name. Nothing else is ever called, and nothing imported. */
  readonly factories?: ReadonlyMap<string, Factory> | undefined;
  /** Where `ext://sys.stdout` and `ext://sys.stderr` lead. Default: `process.stdout` and `process.stderr`. */
  readonly streams?: StandardStreams | undefined;
  /** Bytes that may wait in each handler for its file or its receiver; see `CommonFileOptions`. Default 64 MiB. */
  readonly maxPending?: number | undefined;
}

/** A document that was read, and what it makes; see `dictConfig`. */
export interface Plan {
  /** Paths of keys that mean nothing, as to Python. */
  readonly ignored: readonly string[];
  /** The handlers that it makes, by name; those of `checkConfig` are closed. */
  readonly handlers: ReadonlyMap<string, Handler>;
  /** What the document says of each of them. */
  readonly descriptions: readonly HandlerDescription[];
  readonly loggers: readonly LoggerSettings[];
  readonly disableExisting: boolean;
}

/**
 * Configures loggers from a document in the schema of `logging.config.dictConfig`, version 1: dicts are objects, lists
 * arrays, None null; or from what `fileConfigDocument` made. `docs/configuration.md` lists the classes. Everything is
 * checked, then built, then put into effect.
 *
 * @returns when the handlers that no logger uses, those of before and those of the document, are flushed and closed;
 *   errors of that are theirs to report, so that it never rejects
 * @throws ConfigError (`ERR_CONFIG`), whose `path` says where in the document; nothing has changed then
 */
export function dictConfig(config: unknown, options: DictConfigOptions = {}): Promise<void> {
  const document = documentOf(config);
  const manager = options.manager ?? defaultManager;
  const root = readRoot(document);
  if (root.read('incremental', boolean)) {
    for (const change of incrementalChanges(root, manager)) change();
    return Promise.resolve();
  }
  checkConfig(document, options);
  const plan = build(document, options, false);

  const before = manager.handlers();
  apply(plan, manager);
  const inUse = new Set(manager.handlers());
  const left = new Set([...before, ...plan.handlers.values()].filter((handler) => !inUse.has(handler)));
  return shutdown(left);
}

/**
 * What a document would do, found out without doing it: no file is opened, no factory called. Throws as `dictConfig`,
 * but for what the system says of a file. An `incremental` document makes nothing.
 */
export function checkConfig(config: unknown, options: DictConfigOptions = {}): Plan {
  const document = documentOf(config);
  const root = readRoot(document);
  if (root.read('incremental', boolean)) {
    incrementalChanges(root, options.manager ?? defaultManager);
    return { ignored: [], handlers: new Map(), descriptions: [], loggers: [], disableExisting: false };
  }
  const plan = build(document, options, true);
  for (const handler of plan.handlers.values()) closeQuietly(handler);
  return plan;
}

function documentOf(config: unknown): ConfigDocument {
  return config instanceof ConfigDocument ? config : new ConfigDocument(config);
}

function readRoot(document: ConfigDocument): Section {
  const root = new Section(document.root, '', document);
  const version = root.require('version', (value) => value);
  if (version !== 1) throw new ConfigError('version', `must be 1, not ${JSON.stringify(version)}`);
  return root;
}

function build(document: ConfigDocument, options: DictConfigOptions, trial: boolean): Plan {
  const manager = options.manager ?? defaultManager;
  const root = readRoot(document);
  const builder = new ConfigBuilder(root, {
    trial,
    streams: options.streams ?? process,
    factories: options.factories ?? new Map(),
    maxPending: options.maxPending,
    level: levelIn(manager.levels),
  });
  try {
    builder.buildHandlers();
    const loggers = [...root.sections('loggers')].map(([name, section]) => builder.loggerSettings(name, section));
    // The root comes last, and an empty section of it is none.
    const rootSection = root.section('root');
    if (rootSection.names.length > 0) loggers.push({ ...builder.loggerSettings('root', rootSection), propagate: null });
    const disableExisting = root.read('disable_existing_loggers', boolean) ?? true;
    root.has('incremental');
    const { handlers, descriptions } = builder;
    const ignored = [...builder.ignored, ...root.unasked.filter((name) => !document.referred.has(name))];
    return { ignored, handlers, descriptions, loggers, disableExisting };
  } catch (error) {
    for (const handler of builder.handlers.values()) closeQuietly(handler);
    throw error;
  }
}

function apply({ loggers, disableExisting }: Plan, manager: Manager): void {
  const existing = new Set([...manager.loggers()].filter((logger) => logger !== manager.root));
  for (const settings of loggers) {
    const logger = manager.getLogger(settings.name);
    existing.delete(logger);
    if (settings.level !== null) logger.setLevel(settings.level);
    logger.handlers.length = 0;
    for (const handler of settings.handlers) logger.addHandler(handler);
    for (const filter of settings.filters) logger.addFilter(filter);
    logger.disabled = false;
    if (settings.propagate !== null) logger.propagate = settings.propagate;
  }
  // What the document does not name: those below a logger that it does name are reset, the others silenced.
  for (const logger of existing) {
    if (loggers.some(({ name }) => logger.name.startsWith(`${name}.`))) {
      logger.setLevel(0);
      logger.handlers.length = 0;
      logger.propagate = true;
    } else {
      logger.disabled = disableExisting;
    }
  }
}

/** An `incremental` document changes the levels of handlers and loggers, and whether loggers propagate. */
function incrementalChanges(root: Section, manager: Manager): (() => void)[] {
  const level = levelIn(manager.levels);
  const changes: (() => void)[] = [];
  for (const [name, section] of root.sections('handlers')) {
    const handler = manager.getHandlerByName(name);
    if (handler === null) throw new ConfigError(section.path, 'there is no handler of this name to change');
    const wanted = section.read('level', (value, path, document) => (value ? level(value, path, document) : null));
    if (wanted !== undefined && wanted !== null) changes.push(() => handler.setLevel(wanted));
  }
  const loggers = [...root.sections('loggers')].map(([name, section]) => {
    return { name, section, propagate: section.read('propagate', boolean) };
  });
  const rootSection = root.section('root');
  if (rootSection.names.length > 0) loggers.push({ name: 'root', section: rootSection, propagate: undefined });
  for (const { name, section, propagate } of loggers) {
    const wanted = section.read('level', nullable(level)) ?? null;
    changes.push(() => {
      const logger = manager.getLogger(name);
      if (wanted !== null) logger.setLevel(wanted);
      logger.disabled = false;
      if (propagate !== undefined) logger.propagate = propagate;
    });
  }
  return changes;
}

function closeQuietly(handler: Handler): void {
  handler.close().catch(() => {});
}
