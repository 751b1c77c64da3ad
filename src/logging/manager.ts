// The tree of loggers, by the dots in their names. Names of strangers are looked up in it and never added to it.

import type { LogEvent } from './event/log-event.ts';
import type { Handler } from './handler.ts';
import { StreamHandler } from './handlers/stream-handler.ts';
import { CRITICAL, defaultLevels, type Level, LevelTable, NOTSET, WARNING } from './levels.ts';
import { Logger, type LoggerTree } from './logger.ts';

/** How many names of strangers are remembered, and how long they may be, in UTF-16 units. */
const NEAREST_MAX = 1024;
const NEAREST_UNITS_MAX = 200;

/** One dot-separated part of a name. Without a logger it is what Python calls a PlaceHolder. */
class Node {
  readonly parent: Node | null;
  readonly children: Map<string, Node> = new Map();
  logger: Logger | null = null;

  constructor(parent: Node | null) {
    this.parent = parent;
  }
}

/** A tree of loggers and what they share: levels' names, the level below which all are silent, the last resort. */
export class Manager implements LoggerTree {
  readonly root: Logger;
  readonly levels: LevelTable;
  /** Gets the records that find no handler at all: by default WARNING and above go to stderr. Null for nothing. */
  lastResort: Handler | null = new StreamHandler(undefined, WARNING);
  readonly #tree: Node = new Node(null);
  readonly #nodes: WeakMap<Logger, Node> = new WeakMap();
  /** What `loggerFor` has found since the last logger was made. */
  readonly #nearest: Map<string, Logger> = new Map();
  #disable: number = NOTSET;

  constructor(levels: LevelTable = new LevelTable()) {
    this.levels = levels;
    this.root = this.#make(this.#tree, 'root');
    this.root.level = WARNING;
  }

  /** Levels up to this one are logged by no logger of this process. Records that are `handle`d are not asked. */
  get disable(): number {
    return this.#disable;
  }

  /** @throws LoggingError `ERR_LEVEL` for an unknown level */
  set disable(level: Level) {
    this.#disable = this.levels.checkLevel(level);
  }

  /** The logger of a name, made if there is none; the root for no name, for `''` and for `root`. */
  getLogger(name?: string | null): Logger {
    if (!name || name === this.root.name) return this.root;
    let node = this.#tree;
    for (const part of name.split('.')) {
      let child = node.children.get(part);
      if (child === undefined) {
        child = new Node(node);
        node.children.set(part, child);
      }
      node = child;
    }
    return node.logger ?? this.#make(node, name);
  }

  /** The logger of a name, or the nearest above it that exists; makes none, and reads no more of a name than it must. */
  loggerFor(name: string | null): Logger {
    if (!name || name === this.root.name) return this.root;
    const known = this.#nearest.get(name);
    if (known !== undefined) return known;
    const nearest = this.#find(name);
    if (this.#nearest.size === NEAREST_MAX) this.#nearest.clear();
    if (name.length <= NEAREST_UNITS_MAX) this.#nearest.set(name, nearest);
    return nearest;
  }

  #find(name: string): Logger {
    let nearest = this.root;
    let node: Node | undefined = this.#tree;
    for (let start = 0; start <= name.length && node.children.size > 0; ) {
      const dot = name.indexOf('.', start);
      const end = dot < 0 ? name.length : dot;
      node = node.children.get(name.slice(start, end));
      if (node === undefined) break;
      nearest = node.logger ?? nearest;
      start = end + 1;
    }
    return nearest;
  }

  /**
   * Handles an event from elsewhere as the logger of its name would if that existed.
   * @param name the logger to use instead of the event's own
   */
  handle(event: LogEvent, name?: string | null): void {
    const { root } = this;
    // Without other loggers every name leads to the root: nothing of the event is read to find that out.
    const isRoot = this.#tree.children.size === 0 && root.filters.length === 0 && !root.disabled;
    if (isRoot) root.callHandlers(event);
    else this.#handleAs(event, name === undefined ? event.name : name);
  }

  #handleAs(event: LogEvent, name: string | null): void {
    const logger = this.loggerFor(name);
    // What disables a logger does not concern the records of those below it.
    if (logger.name === name) logger.handle(event);
    else logger.callHandlers(event);
  }

  /** The nearest logger above another; null for the root. */
  parentOf(logger: Logger): Logger | null {
    if (logger === this.root) return null;
    let node = this.#nodes.get(logger)?.parent;
    while (node && node.logger === null) node = node.parent;
    return node?.logger ?? null;
  }

  /** The loggers whose names have one part more than another's. */
  childrenOf(logger: Logger): Set<Logger> {
    const children = new Set<Logger>();
    for (const node of this.#nodes.get(logger)?.children.values() ?? []) {
      if (node.logger !== null) children.add(node.logger);
    }
    return children;
  }

  /** Every logger there is, each before those below it; the root first. */
  *loggers(): Generator<Logger, undefined> {
    const nodes = [this.#tree];
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (node.logger !== null) yield node.logger;
      for (const child of [...node.children.values()].reverse()) nodes.push(child);
    }
  }

  /** Every handler in use: those of the loggers, and before each of them the handlers that it hands its records to. */
  handlers(): Handler[] {
    const seen = new Set<Handler>();
    const found: Handler[] = [];
    const visit = (handler: Handler): void => {
      if (seen.has(handler)) return;
      seen.add(handler);
      for (const target of handler.targets) visit(target);
      found.push(handler);
    };
    for (const logger of this.loggers()) logger.handlers.forEach(visit);
    return found;
  }

  /** The first of `handlers()` that has a name; null where none has it. */
  getHandlerByName(name: string): Handler | null {
    return this.handlers().find((handler) => handler.name === name) ?? null;
  }

  /** The names of `handlers()`. */
  getHandlerNames(): Set<string> {
    return new Set(this.handlers().flatMap(({ name }) => (name ? [name] : [])));
  }

  #make(node: Node, name: string): Logger {
    const logger = new Logger(name, this);
    node.logger = logger;
    this.#nodes.set(logger, node);
    this.#nearest.clear();
    return logger;
  }
}

/** The Manager of `getLogger`, `addLevelName` and the like. */
export const defaultManager: Manager = new Manager(defaultLevels);

/** `Manager.getLogger` of the default Manager. */
export function getLogger(name?: string | null): Logger {
  return defaultManager.getLogger(name);
}

/** `Manager.getHandlerByName` of the default Manager. */
export function getHandlerByName(name: string): Handler | null {
  return defaultManager.getHandlerByName(name);
}

/** `Manager.getHandlerNames` of the default Manager. */
export function getHandlerNames(): Set<string> {
  return defaultManager.getHandlerNames();
}

/**
 * Silences the loggers of the default Manager at a level and below; NOTSET lets them speak again.
 * @throws LoggingError `ERR_LEVEL` for an unknown level
 */
export function disable(level: Level = CRITICAL): void {
  defaultManager.disable = level;
}

/**
 * Flushes and closes handlers, last ones first, so that each has handed on its records before their next stop closes.
 * Nothing calls this by itself. An error goes to its handler's handleError.
 * @param handlers by default, every handler of the default Manager
 */
export async function shutdown(handlers: Iterable<Handler> = defaultManager.handlers()): Promise<void> {
  const closing = [...handlers].reverse().map(async (handler) => {
    try {
      await handler.close();
    } catch (error) {
      handler.handleError(error, null);
    }
  });
  await Promise.all(closing);
}
