// References in a configuration's document: `cfg://` to another place in it, `ext://` to something outside of it.

import { ConfigError, pathOf } from './config-error.ts';

/** Something of Python's that a document names (`ext://sys.stdout`): a name, and never more than that. */
export class External {
  /** Its dotted name. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const WORD = /^\s*(\w+)\s*/;
const DOT = /^\.\s*(\w+)\s*/;
const INDEX = /^\[([^[\]]*)\]\s*/;

/** The document of a configuration: dicts as plain objects, lists as arrays. */
export class ConfigDocument {
  readonly root: unknown;
  /** The keys of the document that references have led to. */
  readonly referred: Set<string> = new Set();
  readonly #converts: boolean;
  /** The references that are being followed. */
  readonly #open: Set<string> = new Set();

  /** @param converts whether strings are searched for references, as `dictConfig` does and `fileConfig` does not */
  constructor(root: unknown, converts = true) {
    this.root = root;
    this.#converts = converts;
  }

  /**
   * A value of the document, or what it refers to (`BaseConfigurator.convert` in CPython's Lib/logging/config.py).
   * @throws ConfigError for a reference to nothing, or to itself
   */
  resolve(value: unknown, path: string): unknown {
    if (typeof value !== 'string' || !this.#converts) return value;
    if (value.startsWith('ext://')) return new External(value.slice('ext://'.length));
    if (!value.startsWith('cfg://')) return value;
    if (this.#open.has(value)) throw new ConfigError(path, `${value} leads back to itself`);
    this.#open.add(value);
    try {
      return this.#follow(value, path);
    } finally {
      this.#open.delete(value);
    }
  }

  #follow(reference: string, path: string): unknown {
    let rest = reference.slice('cfg://'.length);
    let value = this.root;
    let place = '';
    for (let step = WORD.exec(rest); ; step = DOT.exec(rest) ?? INDEX.exec(rest)) {
      const name = step?.[1];
      if (step === null || name === undefined) throw new ConfigError(path, `${reference} is no reference`);
      const found = itemOf(value, name);
      if (found === undefined) {
        throw new ConfigError(path, `${reference} leads nowhere: ${place || 'the document'} has no ${name}`);
      }
      if (place === '') this.referred.add(name);
      place = pathOf(place, name);
      value = this.resolve(found, path);
      rest = rest.slice(step[0].length);
      if (rest === '') return value;
    }
  }
}

function itemOf(container: unknown, name: string): unknown {
  if (typeof container !== 'object' || container === null) return undefined;
  if (Array.isArray(container) && !/^\d+$/.test(name)) return undefined;
  return Object.hasOwn(container, name) ? (container as Record<string, unknown>)[name] : undefined;
}
