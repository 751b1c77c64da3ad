// A dict in a configuration's document, read key by key: what is of the wrong type, or was never asked for, has its path.

import { LoggingError } from '../errors.ts';
import { ConfigError, pathOf } from './config-error.ts';
import { type ConfigDocument, External } from './references.ts';

/** Turns a value of the document into what is wanted; throws ConfigError with the path where it cannot. */
export type Reader<T> = (value: unknown, path: string, document: ConfigDocument) => T;

export class Section {
  readonly path: string;
  readonly document: ConfigDocument;
  readonly #entries: ReadonlyMap<string, unknown>;
  readonly #asked: Set<string> = new Set();

  /** @throws ConfigError when the value is no dict */
  constructor(value: unknown, path: string, document: ConfigDocument) {
    const dict = document.resolve(value, path);
    if (typeof dict !== 'object' || dict === null || Array.isArray(dict) || dict instanceof External) {
      throw wrongType(path, 'a mapping', dict);
    }
    this.path = path;
    this.document = document;
    this.#entries = new Map(Object.entries(dict));
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The keys that were not asked for yet. */
  get unasked(): readonly string[] {
    return this.names.filter((name) => !this.#asked.has(name));
  }

  /** Every key that was asked for, whether it is there or not. */
  get asked(): readonly string[] {
    return [...this.#asked].sort();
  }

  has(name: string): boolean {
    this.#asked.add(name);
    return this.#entries.has(name);
  }

  /** The value of a key, or undefined where there is none. */
  read<T>(name: string, reader: Reader<T>): T | undefined {
    if (!this.has(name)) return undefined;
    const path = pathOf(this.path, name);
    return reader(this.document.resolve(this.#entries.get(name), path), path, this.document);
  }

  /** The value of a key that must be there. */
  require<T>(name: string, reader: Reader<T>): T {
    const value = this.read(name, reader);
    if (value === undefined) throw new ConfigError(this.path, `${name} is missing`);
    return value;
  }

  /** The dict under a key; an empty one where there is none. */
  section(name: string): Section {
    return this.read(name, section) ?? new Section({}, pathOf(this.path, name), this.document);
  }

  /** The dicts in the dict under a key, by name. */
  sections(name: string): Map<string, Section> {
    const parent = this.section(name);
    return new Map(parent.names.map((child) => [child, parent.require(child, section)]));
  }

  /** @throws ConfigError when there is a key that was not asked for */
  finish(): void {
    const [unknown] = this.unasked;
    if (unknown === undefined) return;
    const known = this.asked.length > 0 ? `; there are ${this.asked.join(', ')}` : '';
    throw new ConfigError(pathOf(this.path, unknown), `there is no such option${known}`);
  }
}

export const section: Reader<Section> = (value, path, document) => new Section(value, path, document);

export const text: Reader<string> = (value, path) => {
  if (typeof value === 'string') return value;
  throw wrongType(path, 'a string', value);
};

export const integer: Reader<number> = (value, path) => {
  if (Number.isSafeInteger(value)) return value as number;
  throw wrongType(path, 'a whole number', value);
};

/** Python takes any value for true or false; here only those that are meant so. */
export const boolean: Reader<boolean> = (value, path) => {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  throw wrongType(path, 'true or false', value);
};

/** A level's name or number, which the caller's table has yet to know. */
export const level: Reader<string | number> = (value, path) => {
  if (typeof value === 'string' || Number.isSafeInteger(value)) return value as string | number;
  throw wrongType(path, "a level's name or number", value);
};

/** A level as a number of this table. */
export function levelIn(levels: { checkLevel(level: string | number): number }): Reader<number> {
  return (value, path, document) => {
    const asked = level(value, path, document);
    try {
      return levels.checkLevel(asked);
    } catch (error) {
      if (!(error instanceof LoggingError)) throw error;
      throw wrongType(path, 'the name or number of a known level', asked);
    }
  };
}

/** What another reader takes, or null (Python's None). */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path, document) => (value === null ? null : reader(value, path, document));
}

/** A list, item by item. */
export function listOf<T>(reader: Reader<T>): Reader<T[]> {
  return (value, path, document) => {
    if (!Array.isArray(value)) throw wrongType(path, 'a list', value);
    return value.map((item, index) => {
      const at = pathOf(path, index);
      return reader(document.resolve(item, at), at, document);
    });
  };
}

export function wrongType(path: string, expected: string, value: unknown): ConfigError {
  return new ConfigError(path, `must be ${expected}, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value instanceof External) return `ext://${value.name}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
}
