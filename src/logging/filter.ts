// Filters: what may pass a logger or a handler.

import type { LogEvent } from './event/log-event.ts';
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

  filter(record: Pick<LogEvent, 'name'>): boolean {
    const { name } = this;
    const of = record.name ?? '';
    return name === '' || of === name || (of.startsWith(name) && of[name.length] === '.');
  }
}

const { filter: filterByName } = Filter.prototype;

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

  /** What goes on of an event, which a filter may have replaced; null where one refuses it. What a filter throws passes through. */
  filter(event: LogEvent): LogEvent | null {
    let current = event;
    for (const filter of this.filters) {
      // Python's own asks for the name alone, and nothing is decoded for it; any other code gets the record.
      if (filter instanceof Filter && filter.filter === filterByName) {
        if (!filter.filter(current)) return null;
        continue;
      }
      const record = current.record();
      const result = typeof filter === 'function' ? filter(record) : filter.filter(record);
      if (!result) return null;
      if (result instanceof LogRecord) current = result;
    }
    return current;
  }
}
