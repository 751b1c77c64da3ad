// Filters: who may pass a logger or a handler. Knows no logger, no handler and no tree.

import { LogRecord } from './event/log-record.ts';

/**
 * Decides about a record: falsy refuses it, a LogRecord goes on in its place, anything else lets it pass.
 * Python's callable filters, and objects with a `filter` method.
 */
export type RecordFilter = ((record: LogRecord) => unknown) | { filter(record: LogRecord): unknown };

/** Python's `logging.Filter`: lets pass the records of one logger and of those below it. */
export class Filter {
  readonly name: string;

  /** @param name of the logger; empty for every record */
  constructor(name = '') {
    this.name = name;
  }

  filter(record: LogRecord): boolean {
    const { name } = this;
    const of = record.name ?? '';
    return name === '' || of === name || (of.startsWith(name) && of[name.length] === '.');
  }
}

/** What a Logger and a Handler have in common: a list of filters that a record must pass. */
export class Filterer {
  readonly filters: RecordFilter[] = [];

  addFilter(filter: RecordFilter): void {
    if (!this.filters.includes(filter)) this.filters.push(filter);
  }

  removeFilter(filter: RecordFilter): void {
    const index = this.filters.indexOf(filter);
    if (index >= 0) this.filters.splice(index, 1);
  }

  /** The record that goes on, which a filter may have replaced; null where one refuses it. What a filter throws passes through. */
  filter(record: LogRecord): LogRecord | null {
    let current = record;
    for (const filter of this.filters) {
      const result = typeof filter === 'function' ? filter(current) : filter.filter(current);
      if (!result) return null;
      if (result instanceof LogRecord) current = result;
    }
    return current;
  }
}
