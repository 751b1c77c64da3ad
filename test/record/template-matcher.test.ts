// What is learned from frames, how a frame is read by it, and when either happens.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { fieldTable } from '../../src/logging/event/field-table.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { learnTemplate } from '../../src/record/template/template-learner.ts';

import { TemplateMatcher } from '../../src/record/template/template-matcher.ts';
import { TemplateTrie } from '../../src/record/template/template-trie.ts';
import { opcodes, PROTOCOLS, pickleDict, pickleRecord, type Value } from './pickles.ts';
import { RecordReader, treeOf } from './record-reader.ts';

afterEach(() => vi.restoreAllMocks());

/** A reader that knows the templates of these frames. */
function readerOf(...frames: readonly Uint8Array[]): RecordReader {
  return new RecordReader(treeOf(frames));
}

/** A record as 3.13 sends it, in opcodes that are not all those of pickleRecord. */
function frameWith(entries: Readonly<Record<string, Value>>): Uint8Array {
  return pickleRecord('message', { lineno: 7, exc_text: null, thread: opcodes('L140735340871680L\n'), ...entries });
}

/** All fields, by name. */
const FIELDS = fieldTable.map(({ name }) => name);

const TEXTS = FIELDS.filter(
  (name) => !/^(args|levelno|lineno|thread|process|created|msecs|relativeCreated)$/.test(name),
);

describe('a field', () => {
  test.each(TEXTS)('%s takes the text of each frame', (name) => {
    const reader = readerOf(frameWith({ [name]: 'one' }));
    for (const text of ['two', '', 'größe', 'x'.repeat(300)]) {
      const record = reader.read(frameWith({ [name]: text }));
      expect(record).toMatchObject({ [name]: text });
      expect(record).toEqual(new RecordDecoder().decode(frameWith({ [name]: text })));
    }
  });

  test.each(['levelno', 'lineno', 'thread', 'process'])('%s takes the int of each frame, in any form', (name) => {
    const reader = readerOf(frameWith({ [name]: opcodes('K\x01') }));
    for (const [pickled, int] of [
      ['K\xff', 255],
      ['M\xff\xff', 65535],
      ['J\xff\xff\xff\xff', -1],
      ['L999999999999999L\n', 999_999_999_999_999],
      ['I10\n', 10],
      ['\x8a\0', 0],
      ['\x8a\x01\x80', -128],
      ['\x8a\x06\0\xc0\xff}\xff\x7f', 140_735_307_300_864],
    ] as const) {
      expect(reader.read(frameWith({ [name]: opcodes(pickled) })), pickled).toMatchObject({ [name]: int });
    }
    for (const pickled of [
      'L-1L\n',
      'L1000000000000000L\n',
      'I01\n',
      'I1_0\n',
      'LL\n',
      'L12x\n',
      'L1\n',
      '\x8a\x07\0\0\0\0\0\0\x01',
      'N',
      'G?\xf0\0\0\0\0\0\0',
      '\x88',
    ]) {
      expect(reader.read(frameWith({ [name]: opcodes(pickled) })), pickled).toBeNull();
    }
  });

  test.each(['created', 'msecs', 'relativeCreated'])('%s takes the float of each frame', (name) => {
    const reader = readerOf(frameWith({ [name]: 0.5 }));
    expect(reader.read(frameWith({ [name]: 1234.5 }))).toMatchObject({ [name]: 1234.5 });
    expect(reader.read(frameWith({ [name]: opcodes('G?\xf0\0\0\0\0\0\0') }))).toMatchObject({ [name]: 1 });
    expect(reader.read(frameWith({ [name]: opcodes('K\x01') }))).toBeNull();
  });

  test('that is None in one frame and text in another makes two templates, and both are read', () => {
    const [without, traceback] = [frameWith({}), frameWith({ exc_text: 'Traceback' })];
    const reader = readerOf(without, traceback);
    expect(reader.read(without)).toMatchObject({ exc_text: null, thread: 140_735_340_871_680 });
    expect(reader.read(traceback)).toMatchObject({ exc_text: 'Traceback', thread: 140_735_340_871_680 });
    expect(readerOf(without).read(traceback)).toBeNull();
  });
});

describe('None', () => {
  test.each(FIELDS.filter((name) => !/^(created|msecs|relativeCreated)$/.test(name)))(
    'in %s is what the decoder gives, or is not learned',
    (name) => {
      const frame = frameWith({ [name]: null });
      const record = readerOf(frame).read(frame);
      expect(record === null).toBe(learnTemplate(frame) === null);
      if (record !== null) expect(record).toEqual(new RecordDecoder().decode(frame));
    },
  );
});

describe('an extra', () => {
  test('takes a None, a bool, a number or a text, as the decoder gives them', () => {
    const reader = readerOf(frameWith({ user: 1, flag: 'text' }));
    for (const user of [
      'N',
      '\x88',
      '\x89',
      'I00\n',
      'I01\n',
      'K\x07',
      'G?\xf0\0\0\0\0\0\0',
      'G\x80\0\0\0\0\0\0\0',
      'G\x7f\xf8\0\0\0\0\0\0',
    ]) {
      const frame = frameWith({ user: opcodes(user), flag: 'other' });
      const record = reader.read(frame);
      expect([...(record?.extras ?? [])], user).toEqual([...new RecordDecoder().decode(frame).extras]);
      expect(record?.extras.size).toBe(2);
    }
  });

  test('that another string of the frame is too comes from there', () => {
    const shared = (name: string): Uint8Array =>
      frameWith({
        name: opcodes(`X${String.fromCharCode(name.length)}\0\0\0${name}q\x10`),
        first: opcodes('N'),
        again: opcodes('h\x10'),
      });
    const reader = readerOf(shared('app'));
    const record = reader.read(shared('other'));
    expect(record?.name).toBe('other');
    expect(record?.extras.get('again')).toBe('other');
  });

  test('named like what JavaScript has stays an extra', () => {
    const entries = { ['__proto__']: 'p', constructor: 'c', toString: 't' };
    const record = readerOf(frameWith(entries)).read(frameWith(entries));
    expect([...(record?.extras ?? [])]).toEqual(Object.entries(entries));
    expect(Object.hasOwn(record ?? {}, 'constructor')).toBe(false);
  });
});

describe('every protocol', () => {
  test.each(PROTOCOLS.filter((protocol) => protocol > 0))('%i is read by templates', (protocol) => {
    const reader = readerOf(pickleRecord('one', { user: 'a' }, protocol));
    const frame = pickleRecord('two', { user: 'b' }, protocol);
    expect(reader.read(frame)).toEqual(new RecordDecoder().decode(frame));
    expect(reader.read(Buffer.concat([frame, Buffer.of(0)]))).toBeNull();
  });

  test('a frame whose length is not that of its pickle is left to the decoder', () => {
    const frame = pickleRecord('one', {}, 4);
    const reader = readerOf(frame);
    for (const at of [3, 4, 8]) {
      const other = Buffer.from(frame);
      other[at] = (other[at] as number) + 1;
      expect(reader.read(other)).toBeNull();
    }
  });
});

describe('nothing is learned from', () => {
  test.each<[string, Uint8Array]>([
    ['a record with a list in it', frameWith({ items: opcodes(']') })],
    ['a record with bytes in it', frameWith({ data: opcodes('C\x01a') })],
    ['a record that names a class', frameWith({ thing: opcodes('capp\nThing\n)R') })],
    ['a record that holds itself', frameWith({ self: opcodes('h\0') })],
    [
      'a record without its time',
      pickleDict([
        ['msg', 'm'],
        ['levelname', 'INFO'],
      ]),
    ],
    ['a field of another type', frameWith({ levelno: 'twenty' })],
    ['a None where a LogRecord has none', frameWith({ pathname: null })],
    [
      'a key that comes twice',
      pickleDict([
        ['created', 0.5],
        ['msecs', 0.5],
        ['relativeCreated', 0.5],
        ['a', 1],
        ['a', 2],
      ]),
    ],
    [
      'a key that is no text',
      pickleDict([
        ['created', 0.5],
        ['msecs', 0.5],
        ['relativeCreated', 0.5],
        [7, 'x'],
      ]),
    ],
    [
      'a key that is the text of a value',
      pickleDict([
        [opcodes('X\x01\0\0\0aq\x01'), opcodes('X\x01\0\0\0bq\x02')],
        [opcodes('h\x02'), 1],
        ['created', 0.5],
        ['msecs', 0.5],
        ['relativeCreated', 0.5],
      ]),
    ],
    ['a key that is no UTF-8', frameWith({ x: 1 }).map((byte) => (byte === 0x78 ? 0xff : byte))],
    ['protocol 0', pickleRecord('m', {}, 0)],
    ['a key of a kilobyte', frameWith({ ['k'.repeat(1024)]: 1 })],
    ['hundreds of entries', frameWith(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key ${i}`, i])))],
  ])('%s', (_, frame) => {
    expect(learnTemplate(frame)).toBeNull();
  });
});

describe('room', () => {
  const frameOf = (key: string): Uint8Array => frameWith({ [key]: 'value' });

  test('for what may follow one step is bounded: one more, and they are learned afresh', () => {
    const tree = new TemplateTrie();
    const reader = new RecordReader(tree);
    const known: boolean[] = [];
    for (let i = 0; i < 100; i++) {
      const frame = frameOf(`key ${i}`);
      tree.add(frame, learnTemplate(frame) ?? []);
      expect(reader.read(frame)?.extras.get(`key ${i}`)).toBe('value');
    }
    for (let i = 0; i < 100; i++) known.push(reader.read(frameOf(`key ${i}`)) !== null);
    expect(known.filter((each) => each).length).toBeLessThanOrEqual(32);
    expect(known.at(-1)).toBe(true);
  });

  test('for their bytes is bounded: then all are forgotten, and learned again', () => {
    const tree = new TemplateTrie();
    const reader = new RecordReader(tree);
    const first = frameOf('first');
    tree.add(first, learnTemplate(first) ?? []);
    let forgotten = 0;
    for (let i = 0; i < 2000; i++) {
      const frame = frameWith({ [`${i}${'k'.repeat(400)}`]: 1 });
      tree.add(frame, learnTemplate(frame) ?? []);
      expect(reader.read(frame)).not.toBeNull();
      if (reader.read(first) === null) {
        forgotten++;
        tree.add(first, learnTemplate(first) ?? []);
      }
    }
    expect(forgotten).toBeGreaterThan(5);
    expect(reader.read(first)?.extras.get('first')).toBe('value');
  });
});

describe('a decoder', () => {
  /** Decodes, and says how many frames were read by a template. */
  function readByLayout(decoder: RecordDecoder, frames: Iterable<Uint8Array>): { read: number; tried: number } {
    const spy = vi.spyOn(TemplateMatcher.prototype, 'read');
    for (const frame of frames) decoder.decode(frame);
    const tried = spy.mock.results.length;
    const read = spy.mock.results.filter(({ value }) => value !== null).length;
    spy.mockRestore();
    return { read, tried };
  }

  test('reads by template from the third frame on', () => {
    const frames = Array.from({ length: 10 }, (_, i) => pickleRecord(`message ${i}`));
    expect(readByLayout(new RecordDecoder(), frames)).toEqual({ read: 8, tried: 9 });
  });

  test('reads by turns what several senders send', () => {
    const decoder = new RecordDecoder();
    const senders = [{}, { user: 'a' }, { exc_text: 'Traceback' }, { user: 7 }, { taskName: null }];
    const frames = Array.from({ length: 100 }, (_, i) => frameWith(senders[i % senders.length] ?? {}));
    expect(readByLayout(decoder, frames).read).toBe(100 - senders.length - 1);
  });

  test('tries few frames, and learns fewer, where no template comes twice', () => {
    const decoder = new RecordDecoder();
    const add = vi.spyOn(TemplateTrie.prototype, 'add');
    const frames = Array.from({ length: 10_000 }, (_, i) => frameWith({ [`key ${i}`]: i }));
    const { tried, read } = readByLayout(decoder, frames);
    expect(read).toBe(0);
    expect(tried).toBeLessThan(450);
    expect(add.mock.calls.length).toBeLessThan(70);
  });

  test('takes up reading by template when senders repeat themselves again', () => {
    const decoder = new RecordDecoder();
    for (let i = 0; i < 5000; i++) decoder.decode(frameWith({ [`key ${i}`]: i }));
    const frames = Array.from({ length: 6000 }, (_, i) => pickleRecord(`message ${i}`));
    expect(readByLayout(decoder, frames).read).toBeGreaterThan(1800);
  });

  test.each([{ maxLineBytes: 12 }, { maxBytes: 10_000 }])('with limits of %o reads nothing by template', (limits) => {
    const frames = Array.from({ length: 10 }, (_, i) => pickleRecord(`message ${i}`));
    expect(readByLayout(new RecordDecoder({ limits }), frames)).toEqual({ read: 0, tried: 0 });
  });

  test('decodes a frame too long for templates', () => {
    const decoder = new RecordDecoder();
    for (const length of [10, 16_000, 16_384, 20_000, 10]) {
      const frame = pickleRecord('x'.repeat(length));
      for (let time = 0; time < 3; time++) expect(decoder.decode(frame).msg).toBe('x'.repeat(length));
    }
  });
});
