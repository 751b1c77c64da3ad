// One payload to one record: every protocol, what is no record, and what strangers put into one.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PyObject } from '../../src/pickle/index.ts';
import { RecordDecoder } from '../../src/record/index.ts';
import { checkProperty } from '../properties/check.ts';
import { opcodes, PROTOCOLS, pickleDict, pickleRecord } from './pickles.ts';

/** What decoding throws, or undefined. */
function thrownBy(decoder: RecordDecoder, payload: Uint8Array): unknown {
  try {
    decoder.decode(payload);
  } catch (error) {
    return error;
  }
  return undefined;
}

const THING = opcodes('capp\nThing\n)R');

describe('a dict', () => {
  test.each(PROTOCOLS)('in protocol %i is a record, with what Python does not define as extras', (protocol) => {
    const record = new RecordDecoder().decode(pickleRecord('größe\n😀', { user: 'zoë', retries: 3 }, protocol));
    expect(record).toMatchObject({ name: 'app', msg: 'größe\n😀', levelname: 'INFO', levelno: 20, args: null });
    expect(record).toMatchObject({ created: 1_700_000_000.25, msecs: 250.5, relativeCreated: 59.25 });
    expect([...record.extras]).toEqual([
      ['user', 'zoë'],
      ['retries', 3],
    ]);
    expect(record.getMessage()).toBe('größe\n😀');
  });

  test('without any field is a record too, as in makeLogRecord({})', () => {
    expect(new RecordDecoder().decode(opcodes('}.'))).toMatchObject({ name: null, msg: '', levelname: 'Level None' });
  });

  test('with raw msg and args, as before Python 2.7.4, is formatted here', () => {
    const payload = pickleRecord('%s has %d', { args: opcodes('(VJim\nI7\nt') });
    expect(new RecordDecoder().decode(payload).getMessage()).toBe('Jim has 7');
  });
});

describe('what is no dict', () => {
  test.each([
    ['None', 'N.', 'None'],
    ['an int', 'K\x07.', '7'],
    ['a str', 'Vhello\n.', "'hello'"],
    ['a list', ']q\0K\x01a.', '[1]'],
    ['a class', 'cos\nsystem\n.', 'os.system'],
    ['a call', "cos\nsystem\n(S'true'\ntR.", 'os.system'],
    ['a call by INST', "(S'true'\nios\nsystem\n.", 'os.system'],
    ['a call by OBJ', "(cos\nsystem\nS'true'\no.", 'os.system'],
    ['a call by STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.', 'os.system'],
  ])('%s is an error that shows it', (_, pickle, shown) => {
    const error = thrownBy(new RecordDecoder(), opcodes(pickle));
    const global = shown === 'os.system' ? shown : null;
    expect(error).toMatchObject({ name: 'NotADictError', code: 'ERR_RECORD_NOT_A_DICT', global });
    expect((error as Error).message).toContain(shown);
  });

  test('makes a short message, however long it is', () => {
    const error = thrownBy(new RecordDecoder(), opcodes(`(${'Vxxxxxxxxxxxxxxxx\n'.repeat(100_000)}l.`));
    expect((error as Error).message.length).toBeLessThan(300);
  });
});

describe('a field of the wrong type', () => {
  test.each([
    ['created', 'now'],
    ['created', null],
    ['msecs', opcodes('}')],
    ['relativeCreated', THING],
  ])('%s that is %o is an error that names it', (field, value) => {
    const error = thrownBy(new RecordDecoder(), pickleRecord('m', { [field]: value }));
    expect(error).toMatchObject({ code: 'ERR_RECORD_FIELD', field });
    expect((error as Error).message).toContain(field);
  });

  test.each([
    ['levelno', opcodes('capp\nLevel\n)R'), PyObject],
    ['lineno', opcodes(']'), Array],
    ['process', opcodes('}'), Map],
  ] as const)('%s that is no int costs no record: it is None, and the value an extra', (field, value, type) => {
    const record = new RecordDecoder().decode(pickleRecord('m', { [field]: value }));
    expect([record.msg, record[field]]).toEqual(['m', null]);
    expect(record.extras.get(field)).toBeInstanceOf(type);
  });

  test.each(['name', 'levelname', 'pathname', 'exc_text', 'funcName'] as const)('%s becomes text', (field) => {
    const record = new RecordDecoder().decode(pickleRecord('m', { [field]: 7 }));
    expect(record[field]).toBe('7');
  });

  test('msg may be anything, and is shown by its str()', () => {
    const record = new RecordDecoder().decode(pickleRecord(opcodes('(lI1\naVtwo\na')));
    expect(record.getMessage()).toBe("[1, 'two']");
  });
});

describe('a Python 2 str', () => {
  test.each([
    ['that is UTF-8 is text', 'caf\xc3\xa9', 'café'],
    ['that is not UTF-8 keeps its bytes as surrogates', 'caf\xe9', 'caf\udce9'],
    ['of all high bytes loses none', '\x80\xff\xfe', '\udc80\udcff\udcfe'],
  ])('%s', (_, bytes, text) => {
    const str = opcodes(`U${String.fromCharCode(bytes.length)}${bytes}`);
    const record = new RecordDecoder().decode(pickleDict([[opcodes('U\x03msg'), str]]));
    expect(record.msg).toBe(text);
  });
});

describe('the end of the payload', () => {
  test('beyond the pickle is accepted and counted', () => {
    const decoder = new RecordDecoder();
    for (const protocol of PROTOCOLS) {
      const record = decoder.decode(Buffer.concat([pickleRecord('m', {}, protocol), opcodes('cos\nsystem\n')]));
      expect(record.msg).toBe('m');
    }
    decoder.decode(pickleRecord('exact'));
    expect(decoder.trailing).toBe(PROTOCOLS.length);
  });

  test.each(PROTOCOLS)('before the pickle, wherever it is, is an error in protocol %i', (protocol) => {
    const decoder = new RecordDecoder();
    const payload = pickleRecord('message', { extra: 'value' }, protocol);
    for (let length = 0; length < payload.length; length++) {
      const error = thrownBy(decoder, payload.subarray(0, length));
      expect(error, `${length} bytes`).toMatchObject({ name: 'PickleError' });
    }
    expect(decoder.trailing).toBe(0);
    expect(thrownBy(decoder, payload.subarray(0, payload.length - 1))).toMatchObject({ code: 'ERR_PICKLE_TRUNCATED' });
  });
});

describe('keys that bite in JavaScript', () => {
  const hostile = ['__proto__', 'constructor', 'prototype', 'then', 'toJSON', 'toString', 'valueOf', 'hasOwnProperty'];

  test.each(PROTOCOLS)('stay in extras as own data, in protocol %i', (protocol) => {
    const admin = opcodes(protocol === 0 ? '(dVadmin\nI01\ns' : '}X\x05\0\0\0adminI01\ns');
    const entries = hostile.map((key) => [key, admin] as const);
    const record = new RecordDecoder().decode(pickleDict([...entries, ['msg', 'm']], protocol));
    expect([...record.extras.keys()]).toEqual(hostile);
    for (const key of hostile) {
      expect(Object.hasOwn(record, key)).toBe(false);
      expect(record.extras.get(key)).toEqual(new Map([['admin', true]]));
    }
    expect((record as unknown as Record<string, unknown>)['admin']).toBeUndefined();
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  test('do not make a record a thenable, nor change its JSON', async () => {
    const record = new RecordDecoder().decode(
      pickleDict([
        ['msg', 'm'],
        ['then', 'a'],
        ['toJSON', 'b'],
      ]),
    );
    expect(await record).toBe(record);
    expect(JSON.parse(JSON.stringify(record))).toMatchObject({ msg: 'm' });
  });

  test('of other types than str stay what they are', () => {
    const record = new RecordDecoder().decode(
      pickleDict([
        [7, 'seven'],
        [null, 'nothing'],
        ['7', 'text'],
      ]),
    );
    expect([...record.extras.keys()]).toEqual([7, null, '7']);
  });
});

describe('classes that are not on the allow-list', () => {
  test('are kept as data by default', () => {
    const { extras } = new RecordDecoder().decode(pickleRecord('m', { thing: THING }));
    expect(extras.get('thing')).toBeInstanceOf(PyObject);
    expect(extras.get('thing')).toMatchObject({ module: 'app', name: 'Thing' });
  });

  test('are errors that name them when they are to be rejected', () => {
    const error = thrownBy(new RecordDecoder({ unknownGlobals: 'reject' }), pickleRecord('m', { thing: THING }));
    expect(error).toMatchObject({ code: 'ERR_PICKLE_FORBIDDEN_GLOBAL', global: 'app.Thing' });
  });
});

test('limits are those it was made with', () => {
  const decoder = new RecordDecoder({ limits: { maxDepth: 3 } });
  const nested = (depth: number): Uint8Array => opcodes(`${']'.repeat(depth)}${'a'.repeat(depth - 1)}`);
  expect(decoder.decode(pickleRecord('m', { deep: nested(2) })).msg).toBe('m');
  const error = thrownBy(decoder, pickleRecord('m', { deep: nested(4) }));
  expect(error).toMatchObject({ code: 'ERR_PICKLE_LIMIT', limit: 'maxDepth' });
});

describe('one decoder', () => {
  test('goes on after every failure as if it had not been', () => {
    const decoder = new RecordDecoder();
    const good = pickleRecord('good', { user: 'zoë' });
    const fresh = new RecordDecoder().decode(good);
    for (const bad of ['', 'N.', '}(', '}q\0(Vmsg\nh\x05u.', 'cos\nsystem\n(', '\x80\x09.', ']]]]]', 'Vx\np7\n0']) {
      expect(thrownBy(decoder, opcodes(bad)), bad).toBeDefined();
      expect(decoder.decode(good)).toEqual(fresh);
    }
  });

  test('keeps no memo from one payload to the next', () => {
    const decoder = new RecordDecoder();
    decoder.decode(pickleRecord(opcodes('Vsecret\nq\x05')));
    expect(thrownBy(decoder, pickleRecord(opcodes('h\x05')))).toMatchObject({ code: 'ERR_PICKLE_MEMO' });
  });

  test('gives records that own their data: overwriting the payload changes nothing', () => {
    checkProperty(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom(...PROTOCOLS), (msg, extra, protocol) => {
        const bytes = opcodes('C\x03abc');
        const payload = pickleRecord(msg, { extra, bytes }, protocol);
        const decoder = new RecordDecoder();
        const record = decoder.decode(payload);
        const before = structuredClone(record);
        payload.fill(0xff);
        expect(structuredClone(record)).toEqual(before);
        expect([record.msg, record.extras.get('extra')]).toEqual([msg, extra]);
        expect(record.extras.get('bytes')).toEqual(new Uint8Array([97, 98, 99]));
      }),
    );
  });
});

describe('an event', () => {
  /** A decoder that has learned the template of records such as these. */
  function learned(): RecordDecoder {
    const decoder = new RecordDecoder();
    for (const msg of ['one', 'two', 'three']) decoder.decode(pickleRecord(msg, { user: 'zoë' }));
    return decoder;
  }

  test('is a record of its own until frames repeat themselves, and lies in its frame then', () => {
    const decoder = new RecordDecoder();
    const events = ['one', 'two', 'three', 'four'].map((msg) => {
      const event = decoder.event(pickleRecord(msg, { user: 'zoë' }));
      return [event.frame === null, event === event.record(), event.record().msg];
    });
    expect(events).toEqual([
      [true, true, 'one'],
      [true, true, 'two'],
      [false, false, 'three'],
      [false, false, 'four'],
    ]);
  });

  test('of a payload among others is that of the payload alone, and so is its error', () => {
    const payloads = [
      pickleRecord('plain', { user: 'zoë' }),
      pickleRecord('%s', { args: opcodes('(VJim\nt') }),
      pickleRecord('é', { user: opcodes('X\x01\0\0\0\xff') }),
      opcodes('N.'),
      pickleRecord('soon', { created: 'now' }),
      pickleRecord('cut').subarray(0, -1),
      Buffer.concat([pickleRecord('trailing'), opcodes('and more')]),
    ];
    const bytes = Buffer.concat(payloads);
    let start = 0;
    for (const payload of payloads) {
      const [decoder, other] = [learned(), learned()];
      const end = start + payload.length;
      const error = thrownBy(decoder, payload);
      if (error === undefined) {
        expect(other.event(bytes, start, end).record()).toEqual(learned().decode(payload));
        expect(other.trailing).toBe(decoder.trailing);
      } else {
        expect(() => other.event(bytes, start, end)).toThrow(error as Error);
      }
      start = end;
    }
  });

  test('makes one record, whose fields it has from then on, and which outlives it', () => {
    const decoder = learned();
    const payload = pickleRecord('kept', { user: 'zoë' });
    const event = decoder.event(payload);
    expect([event.name, event.levelname, event.levelno, event.created]).toEqual(['app', 'INFO', 20, 1_700_000_000.25]);
    expect([event.get('msg'), event.get('user'), event.get('nobody')]).toEqual(['kept', 'zoë', undefined]);
    expect(event.frame).not.toBeNull();
    const record = event.record();
    expect([event.record() === record, event.frame]).toEqual([true, null]);
    record.name = 'changed';
    record.extras.set('user', 'changed');
    expect([event.name, event.get('name'), event.get('user')]).toEqual(['changed', 'changed', 'changed']);
    payload.fill(0xff);
    decoder.event(pickleRecord('next', { user: 'jim' }));
    expect([record.msg, record.name, record.extras.get('user')]).toEqual(['kept', 'changed', 'changed']);
  });
});
