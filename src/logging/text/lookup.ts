// Where formats find their values: a record's fields, with defaults behind them. Knows no format.

import type { LogRecord } from '../event/log-record.ts';

/** Whatever finds values by name: a Map, a LogRecord. `undefined` means that it has none. */
export interface Lookup {
  get(name: string): unknown;
}

/** The same name, as V8 keeps those of properties: found among a record's fields without comparing characters. */
export function internalized(name: string): string {
  return Object.keys({ [name]: null })[0] as string;
}

/** Values for names that a record does not have. */
export type FormatDefaults = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** Finds the fields of one record after the other. */
export type RecordLookup = (record: LogRecord) => Lookup;

/** Record fields first, then the defaults. A field that is None is there, and hides its default. */
export function recordLookup(defaults: FormatDefaults = {}): RecordLookup {
  const entries: ReadonlyMap<string, unknown> = defaults instanceof Map ? defaults : new Map(Object.entries(defaults));
  return entries.size === 0 ? (record) => record : (record) => new Overlay(record, entries);
}

class Overlay implements Lookup {
  readonly #record: LogRecord;
  readonly #defaults: ReadonlyMap<string, unknown>;

  constructor(record: LogRecord, defaults: ReadonlyMap<string, unknown>) {
    this.#record = record;
    this.#defaults = defaults;
  }

  get(name: string): unknown {
    const value = this.#record.get(name);
    return value === undefined ? this.#defaults.get(name) : value;
  }
}
