// checkConfig: what it says of a document besides its handlers and loggers, and where references lead.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkConfig, type FileHandler, Manager } from '../../../src/logging/index.ts';

describe('checkConfig', () => {
  test('lists the keys that mean nothing, and not those that references lead to', () => {
    const { ignored } = checkConfig({
      version: 1,
      logers: {},
      shapes: { plain: { format: '%(message)s' } },
      formatters: { plain: 'cfg://shapes.plain', other: { format: '%(message)s', colour: true } },
      filters: { f: { names: 'a' } },
      loggers: { 'a.b': { levle: 'INFO' } },
      root: { propagate: true, handler: [] },
    });
    expect(ignored.toSorted()).toEqual(
      ['filters.f.names', 'formatters.other.colour', "loggers['a.b'].levle", 'logers', 'root.handler'].toSorted(),
    );
  });

  test('says nothing of an incremental document, but what is wrong with it', () => {
    const manager = new Manager();
    const document = { version: 1, incremental: true, loggers: { a: { level: 'INFO' } } };
    const { ignored, handlers, descriptions, loggers } = checkConfig(document, { manager });
    expect([ignored, handlers.size, descriptions, loggers]).toEqual([[], 0, [], []]);
    expect([...manager.loggers()]).toEqual([manager.root]);
    expect(() => checkConfig({ ...document, handlers: { h: {} } }, { manager })).toThrow(/^handlers\.h: /);
  });
});

test.each([
  ['cfg://list[1]', 'b'],
  ['cfg://dict.key', 'plain'],
  ['cfg://dict[key]', 'plain'],
  ['cfg://dict[a key with (odd) signs: ©]', 'odd'],
  ['cfg://dict[]', 'empty'],
  ['cfg://dict[0]', 'zero'],
  ['cfg://dict.deep[list][1][0]', 'y'],
  ['cfg://dict[deep].list[0]', 'x'],
  ['cfg://links.there', 'plain'],
  ['cfg://nowhere', null],
  ['cfg://!', null],
  ['cfg://dict[2]', null],
  ['cfg://dict[a ] b]', null],
  ['cfg://dict[[key]]', null],
  ['cfg://dict.key.length', null],
  ['cfg://list.length', null],
  ['cfg://list[2]', null],
  ['cfg://dict.__proto__', null],
])('the reference %s leads to %j', (reference, name) => {
  const document = {
    version: 1,
    list: ['a', 'b'],
    dict: {
      key: 'plain',
      'a key with (odd) signs: ©': 'odd',
      '': 'empty',
      '0': 'zero',
      'a ] b': 'never',
      deep: { list: ['x', ['y', 'z']] },
    },
    links: { there: 'cfg://dict.key' },
    handlers: { h: { class: 'logging.FileHandler', filename: reference, delay: true } },
  };
  if (name === null) {
    expect(() => checkConfig(document)).toThrow(/^handlers\.h\.filename: cfg:/);
  } else {
    const { handlers } = checkConfig(document);
    expect((handlers.get('h') as FileHandler).baseFilename).toBe(join(process.cwd(), name));
  }
});
