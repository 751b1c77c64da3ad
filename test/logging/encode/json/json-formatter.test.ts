// JsonFormatter as a Formatter: what it does with the record, with messages that fail, and with values without end.

import { describe, expect, test } from 'vitest';
import { JsonFormatter, type JsonProfile, jsonProfiles } from '../../../../src/logging/encode/json/json-formatter.ts';
import { LoggingError } from '../../../../src/logging/errors.ts';
import { StreamHandler } from '../../../../src/logging/handlers/stream-handler.ts';
import { PyException, PyObject, PyTuple, unpickle } from '../../../../src/pickle/index.ts';
import { bare, fromDict, sent, TRACEBACK } from './records.ts';

function parsed(record: ReturnType<typeof sent>, maxLength?: number): Record<string, unknown> {
  const formatter = new JsonFormatter(maxLength === undefined ? {} : { maxLength });
  return JSON.parse(formatter.format(record)) as Record<string, unknown>;
}

test('a Handler takes it as its formatter, and ends each record with a line feed', () => {
  const written: string[] = [];
  const handler = new StreamHandler({ write: (text) => written.push(text) });
  handler.setFormatter(new JsonFormatter({ profile: 'pino' }));
  handler.handle(bare({ exc_text: TRACEBACK }));
  expect(written).toHaveLength(1);
  expect(written[0]?.indexOf('\n')).toBe((written[0] as string).length - 1);
});

test('sets the record’s message, as every Formatter does, and nothing else', () => {
  const record = sent({ msg: 'Hello %s', args: PyTuple.of('you'), asctime: '10:00' });
  const before = { ...record, message: 'Hello you' };
  expect(new JsonFormatter().format(record)).toBe(new JsonFormatter().format(record));
  expect({ ...record }).toEqual(before);
});

test('refuses a profile that does not exist', () => {
  for (const profile of ['gelf', '', 'toString', '__proto__'] as unknown as JsonProfile[]) {
    expect(() => new JsonFormatter({ profile })).toThrow(LoggingError);
  }
});

test.each<[what: string, msg: unknown, args: unknown, message: string]>([
  ['too few arguments', '%s and %s', PyTuple.of(1), '%s and %s'],
  ['a broken conversion', '%q', PyTuple.of(1), '%q'],
  ['a message that is no text', PyTuple.of(1), PyTuple.of(1), '[1]'],
])('a message that its arguments do not fit stays as it came: %s', (_, msg, args, message) => {
  expect(parsed(sent({ msg, args }))).toMatchObject({ message, args: [...(args as unknown[])] });
});

describe('an exception that came without its text', () => {
  test.each<[what: string, excInfo: unknown, text: string | undefined]>([
    ['None', null, undefined],
    ['an empty tuple', PyTuple.of(), undefined],
    ['an exception', new PyException('ValueError', PyTuple.of('no money')), 'ValueError: no money'],
    ['what an allow-list entry made', { toString: () => 'run' }, '{"$unknown":"[object Object]"}'],
  ])('%s', (_, excInfo, text) => {
    const record = bare({ exc_info: excInfo });
    expect(parsed(record)['exc_text']).toBe(text);
    expect(record.exc_text).toBe(text ?? null);
  });

  test('is not looked at where there is a text', () => {
    const record = bare({ exc_info: new PyException('ValueError', PyTuple.of('other')), exc_text: TRACEBACK });
    expect(parsed(record)['exc_text']).toBe(TRACEBACK);
  });
});

describe('text', () => {
  test.each([
    ['"\\/', '"\\"\\\\/"'],
    ['\x00\x1b[31m\n\r\t\b\f', '"\\u0000\\u001b[31m\\n\\r\\t\\b\\f"'],
    ['\x7f\x80\x85\x9b\xa0', '"\\u007f\\u0080\\u0085\\u009b\xa0"'],
    ['\u2027\u2028\u2029\u202a', '"\u2027\\u2028\\u2029\u202a"'],
    ['größe 😀', '"größe 😀"'],
    ['\ud800', '"\\ud800"'],
    ['\udc00\ud800😀', '"\\udc00\\ud800😀"'],
  ])('%j is written %s, as a field, an extra, a name and in a list', (text, json) => {
    const record = bare({ msg: text, list: [text], value: text });
    record.extras.set(text, 1);
    const line = new JsonFormatter().format(record);
    for (const member of [`"message":${json}`, `"list":[${json}]`, `"value":${json}`, `${json}:1`]) {
      expect(line).toContain(member);
    }
    expect(JSON.parse(line)).toMatchObject({ message: text, list: [text], value: text, [text]: 1 });
  });
});

describe('values', () => {
  const cycle: unknown[] = [];
  cycle.push(new Map([['again', cycle]]));
  test.each<[what: string, value: unknown, json: unknown]>([
    ['None', null, null],
    ['a bool', false, false],
    ['an int', -7, -7],
    ['a large int', 2n ** 64n, { $int: '18446744073709551616' }],
    ['a float', 0.1, 0.1],
    ['a float that is no number', Number.NaN, { $float: 'nan' }],
    ['bytes', Uint8Array.of(0, 255), { $bytes: 'AP8=' }],
    ['a set', new Set([1]), { $set: [1] }],
    ['a tuple', PyTuple.of<unknown>(1, 'x'), [1, 'x']],
    ['a dict with a key that is no text', new Map([[1, 2]]), { $dict: [[1, 2]] }],
    ['an inert object', new PyObject('shop', 'Order', PyTuple.of()), { $object: 'shop:Order' }],
    ['a cycle, which counts from the extra', cycle, [{ again: { $ref: '' } }]],
    ['a dict that is an object', Object.assign(Object.create(null), { toJSON: 1 }), { toJSON: 1 }],
    ['what an allow-list entry made', { toJSON: () => 'run' }, { $unknown: '[object Object]' }],
    ['a list with that in it', [new Date()], { $unknown: '[object Array]' }],
    ['a function', () => 1, { $unknown: '[object Function]' }],
  ])('%s', (_, value, json) => {
    expect(parsed(bare({ value }))['value']).toEqual(json);
  });

  test.each(['__proto__', 'toJSON', 'then', 'constructor', 'hasOwnProperty', '', '0'])('an extra %j', (name) => {
    const record = bare();
    record.extras.set(name, { $unknown: 1 }).set('after', 1);
    const object = parsed(record);
    expect(Object.hasOwn(object, name)).toBe(true);
    expect(object[name]).toEqual({ $unknown: '[object Object]' });
    expect(object['after']).toBe(1);
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  });
});

test.each(jsonProfiles)('a %s line does not depend on the records before it', (profile) => {
  const kept = new JsonFormatter({ profile, maxLength: 2000 });
  // More names than are kept, some of them longer, of which some find no room, and those zeros that a Map takes for one.
  for (let i = 0; i < 1200; i++) {
    const name = `${'"n€\u2028'.repeat(i % 7 === 0 ? 40 * (i % 4) : 1)}${i % 300}`;
    const fields = {
      created: 1.5,
      relativeCreated: 2.5,
      name,
      funcName: name,
      module: String(i % 3),
      levelname: 'WARNING',
      pathname: null,
    };
    const entries = {
      ...fields,
      levelno: i % 5 > 0 ? i % 60 : i % 2 === 0 ? -0 : 0,
      process: i % 2 === 0 ? 0 : i,
      thread: 2n ** 70n,
    };
    const line = kept.format(fromDict(entries));
    expect(line).toBe(new JsonFormatter({ profile, maxLength: 2000 }).format(fromDict(entries)));
  }
});

test('the two zeros are told apart', () => {
  const formatter = new JsonFormatter();
  expect([0, -0, 0].map((levelno) => /"levelno":([^,]*)/.exec(formatter.format(fromDict({ levelno })))?.[1])).toEqual([
    '0',
    '-0.0',
    '0',
  ]);
});

describe('the room of a record', () => {
  /** Lists of two, each item the next list: 2^30 texts in a few hundred bytes. */
  const bomb = unpickle(Buffer.from(`](\x8c\x04textq\x01h\x01e${'q\x02(h\x02h\x02l'.repeat(30)}.`, 'latin1'));

  test('a value that finds none is replaced, and the others stay', () => {
    const object = parsed(sent({ before: 1, bomb, after: 'x', list: [1, 2] }), 10_000);
    expect(object).toMatchObject({
      name: 'shop.orders',
      before: 1,
      bomb: { $limit: 10_000 },
      after: 'x',
      list: [1, 2],
    });
  });

  test('a text that finds none is cut, never inside a character', () => {
    const object = parsed(bare({ msg: '😀'.repeat(50), after: 'x' }), 75);
    expect(object).toMatchObject({ message: `${'😀'.repeat(18)}…`, after: 'x' });
  });

  test('is shared by all that a record holds, so one text in a thousand places is no bomb', () => {
    const text = '\x1b'.repeat(100_000);
    const names = Array.from({ length: 1000 }, (_, i) => [`extra ${i}`, text]);
    const fields = ['name', 'pathname', 'filename', 'module', 'funcName', 'threadName', 'exc_text', 'msg'];
    const record = sent({ ...Object.fromEntries(names), ...Object.fromEntries(fields.map((name) => [name, text])) });
    for (const profile of jsonProfiles) {
      const line = new JsonFormatter({ profile, maxLength: 1_000_000 }).format(record);
      expect(line.length).toBeLessThan(6 * 1_000_000 + 100_000);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  test('lists of 100,000 items are there as long as there is room, the rest are replaced', () => {
    const list = Array.from({ length: 100_000 }, (_, i) => i);
    const object = parsed(bare(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`list ${i}`, list]))));
    const kept = Object.values(object).filter((value) => Array.isArray(value));
    expect(kept.length).toBeGreaterThan(1);
    for (const value of kept) expect(value).toEqual(list);
    expect(object['list 99']).toEqual({ $limit: 32 * 1024 * 1024 });
  });

  test('a thousand values that find none cost no more than the room', () => {
    const bombs = Array.from({ length: 1000 }, (_, i) => [`bomb ${i}`, bomb]);
    const object = parsed(bare(Object.fromEntries(bombs)));
    expect(object['bomb 999']).toEqual({ $limit: 32 * 1024 * 1024 });
  });
});
