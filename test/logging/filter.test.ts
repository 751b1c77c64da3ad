// Filters of loggers and handlers: Python's rules of names, of callables, and of records that replace others.

import { describe, expect, test } from 'vitest';
import { LogRecord } from '../../src/logging/event/log-record.ts';
import { Filter } from '../../src/logging/filter.ts';
import { Handler } from '../../src/logging/handler.ts';
import { Manager } from '../../src/logging/manager.ts';

class Collector extends Handler {
  readonly records: LogRecord[] = [];

  override emit(record: LogRecord): void {
    this.records.push(record);
  }
}

function named(name: string | null): LogRecord {
  const record = new LogRecord();
  record.name = name;
  return record;
}

describe('Filter', () => {
  test.each([
    ['', 'anything', true],
    ['', null, true],
    ['a', 'a', true],
    ['a', 'a.b', true],
    ['a.b', 'a.b.c', true],
    ['a', 'ab', false],
    ['a.b', 'a', false],
    ['a', 'b.a', false],
    ['a', null, false],
    ['a', '', false],
  ])('of %j answers for %j with %j', (filter, name, passes) => {
    expect(new Filter(filter).filter(named(name))).toBe(passes);
  });
});

describe('a handler', () => {
  test('emits what passes all its filters, functions and objects, each of them added once', () => {
    const handler = new Collector();
    let asked = 0;
    const odd = (record: LogRecord) => {
      asked++;
      return record.name !== 'even';
    };
    handler.addFilter(odd);
    handler.addFilter(odd);
    handler.addFilter(new Filter('a'));
    for (const name of ['a', 'even', 'b']) handler.handle(named(name));
    expect([handler.records.map((record) => record.name), asked]).toEqual([['a'], 3]);
    handler.removeFilter(odd);
    handler.removeFilter(odd);
    expect(handler.filters).toHaveLength(1);
  });

  test('emits the record that a filter gives in place of another, which later filters are asked about', () => {
    const handler = new Collector();
    const other = named('other');
    handler.addFilter(() => other);
    handler.addFilter((record) => record === other);
    handler.handle(named('first'));
    expect(handler.records).toEqual([other]);
  });

  test('counts the record that a filter throws over, and goes on', () => {
    const handler = new Collector();
    let first = true;
    handler.addFilter(() => {
      if (!first) return true;
      first = false;
      throw new Error('no');
    });
    handler.handleError = (error) => void handler.errors.add(String(error));
    handler.handle(named('a'));
    handler.handle(named('b'));
    expect([handler.records.length, [...handler.errors]]).toEqual([1, [['Error: no', 1]]]);
  });
});

describe('a logger', () => {
  test("asks its own filters about the records it handles, and nobody else's", () => {
    const manager = new Manager();
    const collector = new Collector();
    manager.root.addHandler(collector);
    manager.root.addFilter(() => false);
    manager.getLogger('a').addFilter(new Filter('a.b'));
    for (const name of ['a', 'a.b', 'root', 'c']) manager.handle(named(name));
    // Filters are not inherited: a.b has no logger here, so that a's are not asked about its record.
    expect(collector.records.map((record) => record.name)).toEqual(['a.b', 'c']);
  });

  test('hands on the record that a filter gives instead', () => {
    const manager = new Manager();
    const collector = new Collector();
    manager.root.addHandler(collector);
    manager.getLogger('a').addFilter(() => named('replaced'));
    manager.handle(named('a'));
    expect(collector.records.map((record) => record.name)).toEqual(['replaced']);
  });
});
