// Where formats find their values, by name.

/** Whatever finds values by name: a Map, a LogEvent. `undefined` means that it has none. */
export interface Lookup {
  get(name: string): unknown;
}

/** Values for names that a record does not have. */
export type FormatDefaults = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

/** A Lookup with defaults behind it. A value that is None is there, and hides its default. */
export function withDefaults(lookup: Lookup, defaults: ReadonlyMap<string, unknown>): Lookup {
  return {
    get(name) {
      const value = lookup.get(name);
      return value === undefined ? defaults.get(name) : value;
    },
  };
}
