// A configuration's document as formatters, filters and handlers, and what loggers are to get of them. Changes no logger.

import { LoggingError } from '../errors.ts';
import type { RecordFilter } from '../filter.ts';
import { Formatter } from '../formatter.ts';
import { Handler } from '../handler.ts';
import { NullHandler } from '../handlers/null-handler.ts';
import { ConfigError } from './config-error.ts';
import { filterFactories, formatterClasses, formatterFactories } from './formatter-classes.ts';
import type { HandlerContext, StandardStreams } from './handler-class.ts';
import { handlerClasses, setAttributes } from './handler-classes.ts';
import { boolean, listOf, nullable, type Reader, type Section, text } from './section.ts';

/** Makes what stands under a `()` from the keys beside it, whose values are the document's. */
export type Factory = (keywords: Readonly<Record<string, unknown>>) => unknown;

export interface BuildContext {
  /** Whether nothing outside of this process may be touched: no file is opened, and no caller's factory is called. */
  readonly trial: boolean;
  readonly streams: StandardStreams;
  readonly factories: ReadonlyMap<string, Factory>;
  /** Bytes that may wait in each handler; undefined for the handlers' own default. */
  readonly maxPending: number | undefined;
  /** The number of a level; a Reader. */
  readonly level: Reader<number>;
}

/** What a logger is to be given; null for what the document leaves as it is. */
export interface LoggerSettings {
  readonly name: string;
  readonly level: number | null;
  readonly propagate: boolean | null;
  readonly handlers: readonly Handler[];
  readonly filters: readonly RecordFilter[];
  readonly filterNames: readonly string[];
}

/** What the document says of a handler. */
export interface HandlerDescription {
  readonly name: string;
  /** What stands under `class` or `()`. */
  readonly className: string;
  readonly level: number | null;
  readonly formatter: string | null;
  readonly filters: readonly string[];
  /** The arguments, as they stand in the document. */
  readonly keywords: ReadonlyMap<string, unknown>;
}

/** Keys of a handler's section that are no arguments. */
const NO_KEYWORDS: ReadonlySet<string> = new Set(['class', '()', '.', 'level', 'formatter', 'filters']);

/** Builds the parts of one document, each once. */
export class ConfigBuilder {
  /** What was built, by name. */
  readonly handlers: Map<string, Handler> = new Map();
  readonly descriptions: HandlerDescription[] = [];
  /** Paths of keys that mean nothing, as to Python. */
  readonly ignored: string[] = [];
  readonly #context: BuildContext;
  readonly #handlerMakers: ReadonlyMap<string, (keywords: Section) => Handler>;
  readonly #formatters: Map<string, Formatter> = new Map();
  readonly #filters: Map<string, RecordFilter> = new Map();
  readonly #handlerSections: ReadonlyMap<string, Section>;
  /** The handlers that are being built, each for the sake of the one before. */
  readonly #open: string[] = [];

  /** @throws ConfigError; what was built by then is in `handlers`, for the caller to close */
  constructor(root: Section, context: BuildContext) {
    this.#context = context;
    const { trial, streams, maxPending, level } = context;
    const handlerContext: HandlerContext = { trial, streams, maxPending, level, handler: this.#handler };
    this.#handlerMakers = new Map(
      [...handlerClasses].map(([name, { make }]) => [name, (keywords) => make(keywords, handlerContext)]),
    );
    for (const [name, section] of root.sections('formatters')) this.#formatters.set(name, this.#formatter(section));
    for (const [name, section] of root.sections('filters')) this.#filters.set(name, this.#filter(section));
    this.#handlerSections = root.sections('handlers');
  }

  buildHandlers(): void {
    for (const [name, section] of this.#handlerSections) this.#handlerOf(name, section.path);
  }

  /** What a section of `loggers`, or `root`, says. */
  loggerSettings(name: string, section: Section): LoggerSettings {
    const settings = {
      name,
      level: section.read('level', nullable(this.#context.level)) ?? null,
      propagate: section.read('propagate', nullable(boolean)) ?? null,
      handlers: section.read('handlers', nullable(listOf(this.#handler))) ?? [],
      filters: section.read('filters', nullable(listOf(this.#filterNamed))) ?? [],
      filterNames: section.read('filters', nullable(listOf(text))) ?? [],
    };
    this.#ignore(section);
    return settings;
  }

  #ignore(section: Section): void {
    for (const name of section.unasked) this.ignored.push(`${section.path}.${name}`);
  }

  #formatter(section: Section): Formatter {
    if (section.has('()')) {
      return this.#custom(section, formatterFactories, Formatter, () => new Formatter());
    }
    const className = section.read('class', nullable(text)) || 'logging.Formatter';
    const make = formatterClasses.get(className);
    if (make === undefined) throw unknownName(section, 'class', 'formatter', className, formatterClasses.keys());
    const formatter = attempt(section.path, () => make(section));
    this.#ignore(section);
    return formatter;
  }

  #filter(section: Section): RecordFilter {
    const make = filterFactories.get('logging.Filter') as (keywords: Section) => RecordFilter;
    if (section.has('()')) return this.#custom(section, filterFactories, null, () => make(section));
    const filter = make(section);
    this.#ignore(section);
    return filter;
  }

  /** What a `()` makes: one of the caller's factories, or one that is known here. */
  #custom<T>(
    section: Section,
    known: ReadonlyMap<string, (keywords: Section) => T>,
    type: (abstract new (...args: never[]) => T) | null,
    placeholder: () => T,
  ): T {
    const name = section.require('()', text);
    const factory = this.#context.factories.get(name);
    if (factory === undefined) {
      const make = known.get(name);
      if (make === undefined) {
        throw unknownName(section, '()', 'factory', name, [...this.#context.factories.keys(), ...known.keys()]);
      }
      const made = attempt(section.path, () => make(section));
      section.finish();
      return made;
    }
    const keywords = keywordsOf(section);
    if (this.#context.trial) return placeholder();
    const made = attempt(section.path, () => factory(keywords));
    if (type !== null ? made instanceof type : isFilter(made)) return made as T;
    throw new ConfigError(section.path, `the factory ${name} did not make what belongs here`);
  }

  readonly #handler: Reader<Handler> = (value, path, document) => this.#handlerOf(text(value, path, document), path);

  readonly #filterNamed: Reader<RecordFilter> = (value, path, document) =>
    named(this.#filters, text(value, path, document), path, 'filter');

  #handlerOf(name: string, path: string): Handler {
    const built = this.handlers.get(name);
    if (built !== undefined) return built;
    const section = named(this.#handlerSections, name, path, 'handler');
    if (this.#open.includes(name)) {
      throw new ConfigError(path, `a handler cannot lead back to itself: ${[...this.#open, name].join(' → ')}`);
    }
    this.#open.push(name);
    const handler = this.#build(name, section);
    this.#open.pop();
    handler.name = name;
    this.handlers.set(name, handler);
    return handler;
  }

  #build(name: string, section: Section): Handler {
    const formatterName = section.read('formatter', nullable(text)) || null;
    const level = section.read('level', nullable(this.#context.level)) ?? null;
    const filters = section.read('filters', nullable(listOf(this.#filterNamed))) ?? [];
    const attributes = section.read(
      '.',
      nullable((value, path, document) => ({ value, path, document })),
    );
    const formatter =
      formatterName === null ? null : named(this.#formatters, formatterName, `${section.path}.formatter`, 'formatter');

    const handler = this.#make(section);
    const keywords = section.names.filter((key) => !NO_KEYWORDS.has(key));
    this.descriptions.push({
      name,
      className: section.read('()', text) ?? section.require('class', text),
      level,
      formatter: formatterName,
      filters: section.read('filters', nullable(listOf(text))) ?? [],
      keywords: new Map(keywords.map((key) => [key, section.require(key, (value) => value)])),
    });
    try {
      handler.setFormatter(formatter ?? handler.formatter);
      if (level !== null) handler.setLevel(level);
      for (const filter of filters) handler.addFilter(filter);
      if (attributes) setAttributes(handler, section.section('.'));
    } catch (error) {
      void handler.close().catch(() => {});
      throw error;
    }
    return handler;
  }

  #make(section: Section): Handler {
    const makers = this.#handlerMakers;
    if (section.has('()')) return this.#custom<Handler>(section, makers, Handler, () => new NullHandler());
    const className = section.require('class', text);
    const make = makers.get(className);
    if (make === undefined) throw unknownName(section, 'class', 'handler', className, makers.keys());
    const handler = attempt(section.path, () => make(section));
    try {
      section.finish();
    } catch (error) {
      void handler.close().catch(() => {});
      throw error;
    }
    return handler;
  }
}

/** The keys beside a `()`, with their values: for a factory of the caller's. */
function keywordsOf(section: Section): Readonly<Record<string, unknown>> {
  const keywords: Record<string, unknown> = Object.create(null);
  for (const name of section.unasked) keywords[name] = section.require(name, (value) => value);
  return keywords;
}

/** What goes wrong while something is made belongs to its section. */
function attempt<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof LoggingError || (error as NodeJS.ErrnoException).code !== undefined) {
      throw new ConfigError(path, (error as Error).message);
    }
    throw error;
  }
}

function named<T>(all: ReadonlyMap<string, T>, name: string, path: string, what: string): T {
  const found = all.get(name);
  if (found !== undefined) return found;
  const names = all.size > 0 ? `; there are ${[...all.keys()].join(', ')}` : '';
  throw new ConfigError(path, `there is no ${what} ${JSON.stringify(name)}${names}`);
}

function unknownName(section: Section, key: string, what: string, name: string, known: Iterable<string>): ConfigError {
  return new ConfigError(
    `${section.path}.${key}`,
    `there is no ${what} ${JSON.stringify(name)} here, and nothing is imported; there are ${[...known].join(', ')}`,
  );
}

function isFilter(value: unknown): boolean {
  return typeof value === 'function' || typeof (value as { filter?: unknown } | null)?.filter === 'function';
}
