// Which frames a FrameVerifier lets in, which it refuses, and why.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FrameSignatureError,
  FrameVerifier,
  type FrameVerifierOptions,
  type SignatureFault,
} from '../../src/net/index.ts';
import { checkProperty } from '../properties/check.ts';
import { latin1 } from './frames.ts';
import { keyNamed, NOW, type Signing, sessionNamed, signed } from './signing.ts';

const CONTENT = latin1('}q\0(not looked at).');

/** A verifier that knows one key and whose clock stands still, unless told otherwise. */
function verifierOf(options: Partial<FrameVerifierOptions> = {}): FrameVerifier {
  return new FrameVerifier({ keys: [keyNamed('good')], now: () => NOW * 1000, ...options });
}

/** Why a payload is refused; null when it is not. */
function faultOf(verifier: FrameVerifier, payload: Uint8Array): SignatureFault | null {
  try {
    verifier.verify(payload);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(FrameSignatureError);
    const { code, message, reason } = error as FrameSignatureError;
    expect([code, message]).toEqual(['ERR_FRAME_SIGNATURE', expect.stringMatching(/^the .+[^.]$/)]);
    return reason;
  }
}

/** The same of several frames of one content, one after the other. */
function faultsOf(verifier: FrameVerifier, signings: readonly Signing[]): (SignatureFault | null)[] {
  return signings.map((signing) => faultOf(verifier, signed(CONTENT, signing)));
}

describe('a signed frame', () => {
  test('gives what it holds, as a view of it', () => {
    const payload = signed(CONTENT);
    const content = verifierOf().verify(payload);
    expect([...content]).toEqual([...CONTENT]);
    expect([content.buffer, content.byteOffset]).toEqual([payload.buffer, payload.byteOffset + 64]);
  });

  test('may hold nothing', () => {
    expect([...verifierOf().verify(signed(latin1('')))]).toEqual([]);
  });

  test('of the handlers in python/ is read as they write it', () => {
    const payload = Buffer.from(
      '505753317b4560100102030405060708000000000000000100066517289c5090' +
        'effe961bbbc3b85a106cbe14f57a2752c133167f8302097f06341365b8a97ed74e2e',
      'hex',
    );
    const key = Uint8Array.from({ length: 40 }, (_, index) => index);
    expect(Buffer.from(verifierOf({ keys: [key] }).verify(payload)).toString()).toBe('N.');
  });
});

describe('a frame is refused', () => {
  const good = signed(CONTENT);
  test.each<[what: string, payload: Uint8Array, reason: SignatureFault]>([
    ['without a signature', CONTENT, 'unsigned'],
    ['that is empty', latin1(''), 'unsigned'],
    ['shorter than the magic', latin1('PWS'), 'unsigned'],
    ['of a later format', latin1(`PWS2${'\0'.repeat(60)}`), 'unsigned'],
    ['cut off inside its signature', good.subarray(0, 63), 'bad-signature'],
    ['cut off by a byte', good.subarray(0, -1), 'bad-signature'],
    ['with a byte more', Buffer.concat([good, latin1('.')]), 'bad-signature'],
    ['of a key that is not known', signed(CONTENT, { key: keyNamed('other') }), 'unknown-key'],
    [
      'of the right key id and the wrong key',
      withKeyIdOf(good, signed(CONTENT, { key: keyNamed('x') })),
      'bad-signature',
    ],
    ['with the HMAC of another', withHmacOf(signed(latin1('other')), good), 'bad-signature'],
  ])('%s', (_, payload, reason) => {
    expect(faultOf(verifierOf(), payload)).toBe(reason);
  });

  function withKeyIdOf(from: Uint8Array, to: Uint8Array): Uint8Array {
    return Buffer.concat([from.subarray(0, 8), to.subarray(8)]);
  }

  function withHmacOf(from: Uint8Array, to: Uint8Array): Uint8Array {
    return Buffer.concat([to.subarray(0, 32), from.subarray(32, 64), to.subarray(64)]);
  }

  test('whichever of its bytes is changed, and however', () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    checkProperty(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, where, change) => {
        const payload = Buffer.from(signed(content));
        const index = where % payload.length;
        payload[index] = payload[index]! ^ change;
        const reasons: SignatureFault[] = index < 4 ? ['unsigned'] : ['unknown-key', 'bad-signature'];
        expect(reasons).toContain(faultOf(verifierOf(), payload));
      }),
    );
  });

  test('and leaves nothing behind: the frame as it was made is let in afterwards', () => {
    const verifier = verifierOf();
    const forged = Buffer.from(signed(CONTENT, { counter: 1 }));
    forged.writeBigUInt64BE(1000n, 16);
    expect(faultOf(verifier, forged)).toBe('bad-signature');
    expect(faultsOf(verifier, [{ counter: 1 }])).toEqual([null]);
  });

  test('with a message that tells the id of its key, so that an operator can find it', () => {
    const id = signed(CONTENT, { key: keyNamed('other') }).subarray(4, 8);
    expect(() => verifierOf().verify(signed(CONTENT, { key: keyNamed('other') }))).toThrow(
      Buffer.from(id).toString('hex'),
    );
  });
});

describe('the time of a frame', () => {
  test.each<[offset: number, reason: SignatureFault | null]>([
    [0, null],
    [-10, null],
    [10, null],
    [-10.001, 'too-old'],
    [10.001, 'from-the-future'],
    [-1e9, 'too-old'],
    [1e9, 'from-the-future'],
  ])('may be off by the window: %s s by a window of 10', (offset, reason) => {
    expect(faultsOf(verifierOf({ window: 10 }), [{ time: NOW + offset }])).toEqual([reason]);
  });

  test('may be off by 300 s where nothing is said', () => {
    const times = [-300, 300, -301, 301].map((offset) => ({ time: NOW + offset, session: sessionNamed(`${offset}`) }));
    expect(faultsOf(verifierOf(), times)).toEqual([null, null, 'too-old', 'from-the-future']);
  });

  test('may go back within a session, as clocks do', () => {
    const steps = [0, -100, 50].map((offset, index) => ({ counter: index + 1, time: NOW + offset }));
    expect(faultsOf(verifierOf(), steps)).toEqual([null, null, null]);
  });
});

describe('the counter of a session', () => {
  test('must grow, by whatever it grows', () => {
    const counters = [5, 6, 6, 5, 1, 1000, 7, 2n ** 60n, 1001];
    const reasons = faultsOf(
      verifierOf(),
      counters.map((counter) => ({ counter })),
    );
    expect(reasons).toEqual([null, null, 'replayed', 'replayed', 'replayed', null, 'replayed', null, 'replayed']);
  });

  test('is one for each session, and for each key', () => {
    const keys = [keyNamed('good'), keyNamed('second')] as const;
    const reasons = faultsOf(verifierOf({ keys }), [
      { counter: 9 },
      { counter: 1, session: sessionNamed('t') },
      { counter: 1, key: keys[1] },
      { counter: 9 },
    ]);
    expect(reasons).toEqual([null, null, null, 'replayed']);
  });

  test('law: of any frames in any order, those are let in that come after all others of their session', () => {
    const frame = fc.record({ session: fc.constantFrom('a', 'b', 'c'), counter: fc.integer({ min: 1, max: 12 }) });
    checkProperty(
      fc.property(fc.array(frame, { maxLength: 30 }), (frames) => {
        const highest = new Map<string, number>();
        const expected = frames.map(({ session, counter }) => {
          if (counter <= (highest.get(session) ?? 0)) return 'replayed';
          highest.set(session, counter);
          return null;
        });
        const signings = frames.map(({ session, counter }) => ({ session: sessionNamed(session), counter }));
        expect(faultsOf(verifierOf(), signings)).toEqual(expected);
      }),
    );
  });
});

describe('a session', () => {
  test('is remembered as long as a frame of it could come again, by the time that the frame has', () => {
    let now = NOW;
    const verifier = verifierOf({ now: () => now * 1000 });
    // From a clock that is ahead: it is within the window until 600 s from here.
    const ahead = { time: NOW + 300 };
    const other = (time: number): Signing => ({ time, session: sessionNamed(`${time}`) });
    expect(faultsOf(verifier, [ahead])).toEqual([null]);
    for (const later of [299, 301, 599, 600]) {
      now = NOW + later;
      expect(faultsOf(verifier, [other(now), ahead])).toEqual([null, 'replayed']);
    }
    now = NOW + 601;
    expect(faultsOf(verifier, [other(now), ahead])).toEqual([null, 'too-old']);
  });

  test('goes on after a pause of any length', () => {
    let now = NOW;
    const verifier = verifierOf({ now: () => now * 1000 });
    expect(faultsOf(verifier, [{ counter: 1 }])).toEqual([null]);
    now = NOW + 100_000;
    expect(faultsOf(verifier, [{ time: now, session: sessionNamed('other') }])).toEqual([null]);
    expect(faultsOf(verifier, [{ counter: 2, time: now }])).toEqual([null]);
  });

  test('that was forgotten for being too old stays so when the clock is set back', () => {
    let now = NOW;
    const verifier = verifierOf({ now: () => now * 1000 });
    expect(faultsOf(verifier, [{}])).toEqual([null]);
    now = NOW + 1000;
    expect(faultsOf(verifier, [{ time: now, session: sessionNamed('other') }])).toEqual([null]);
    now = NOW;
    expect(faultsOf(verifier, [{}])).toEqual(['replayed']);
    // And nobody else is shut out for it.
    expect(faultsOf(verifier, [{ time: NOW + 1, session: sessionNamed('new') }])).toEqual([null]);
  });

  test('makes room for others, the oldest first, and its frames are no more let in for it', () => {
    const verifier = verifierOf({ maxSessions: 2 });
    const [oldest, middle, newest] = [1, 2, 3].map((time) => ({
      time: NOW + time,
      session: sessionNamed(`${time}`),
    })) as [Signing, Signing, Signing];
    expect(faultsOf(verifier, [middle, oldest, newest])).toEqual([null, null, null]);
    expect(faultsOf(verifier, [oldest, middle, newest])).toEqual(['replayed', 'replayed', 'replayed']);
    // What its sender makes next is newer than all it was forgotten for.
    expect(faultsOf(verifier, [{ ...oldest, counter: 2, time: NOW + 4 }])).toEqual([null]);
  });

  test('is as old as the latest of its frames, not the last', () => {
    const verifier = verifierOf({ maxSessions: 1 });
    const frames = [100, -100].map((time, index) => ({ counter: index + 1, time: NOW + time }));
    expect(faultsOf(verifier, [...frames, { time: NOW + 200, session: sessionNamed('t') }])).toEqual([
      null,
      null,
      null,
    ]);
    expect(faultsOf(verifier, frames)).toEqual(['replayed', 'replayed']);
  });

  test('that is forgotten for being too old shuts out no other, whose clock may lag', () => {
    let now = NOW;
    const verifier = verifierOf({ now: () => now * 1000 });
    const steps = [
      [0, 0],
      [200, 200],
      [301, 301],
      [302, 10],
    ] as const;
    for (const [clock, time] of steps) {
      now = NOW + clock;
      expect(faultsOf(verifier, [{ time: NOW + time, session: sessionNamed(`${time}`) }])).toEqual([null]);
    }
  });

  test('that is new, and older than one that had to make room, is refused: it may be that one', () => {
    const verifier = verifierOf({ maxSessions: 1 });
    const times = [10, 20, 5, 11].map((time) => ({ time: NOW + time, session: sessionNamed(`${time}`) }));
    expect(faultsOf(verifier, times)).toEqual([null, null, 'replayed', null]);
  });
});

test('law: no frame is let in twice, however few sessions are remembered and wherever the clock jumps', () => {
  const frame = fc.record({
    session: fc.integer({ min: 1, max: 5 }),
    counter: fc.integer({ min: 1, max: 4 }),
    time: fc.integer({ min: -25, max: 25 }),
  });
  const steps = fc.array(fc.oneof(frame, fc.integer({ min: -30, max: 30 })), { minLength: 10, maxLength: 60 });
  checkProperty(
    fc.property(steps, fc.integer({ min: 1, max: 4 }), (all, maxSessions) => {
      let now = NOW;
      const verifier = verifierOf({ window: 10, maxSessions, now: () => now * 1000 });
      const letIn = new Set<string>();
      for (const step of all) {
        if (typeof step === 'number') {
          now += step;
        } else {
          const { session, counter, time } = step;
          const signing = { session: sessionNamed(`${session}`), counter, time: NOW + time };
          if (faultOf(verifier, signed(CONTENT, signing)) !== null) continue;
          const name = JSON.stringify(step);
          expect(letIn).not.toContain(name);
          letIn.add(name);
        }
      }
    }),
    { numRuns: 500 },
  );
});

describe('keys', () => {
  test('are accepted as long as they are there, and what came is remembered when they change', () => {
    const [old, next] = [keyNamed('old'), keyNamed('next')];
    const verifier = verifierOf({ keys: [old, next] });
    expect(faultsOf(verifier, [{ key: old }, { key: next }])).toEqual([null, null]);
    verifier.setKeys([next]);
    expect(faultsOf(verifier, [{ key: old, counter: 2 }, { key: next }])).toEqual(['unknown-key', 'replayed']);
    expect(faultsOf(verifier, [{ key: next, counter: 2 }])).toEqual([null]);
  });

  test('that are refused leave those of before in place', () => {
    const verifier = verifierOf();
    expect(() => verifier.setKeys([])).toThrow(RangeError);
    expect(faultsOf(verifier, [{}])).toEqual([null]);
  });

  test.each([
    [32, null],
    [31, RangeError],
    [65, null],
    [1000, null],
  ])('of %s bytes', (length, error) => {
    const key = new Uint8Array(length).fill(7);
    const make = (): FrameVerifier => verifierOf({ keys: [key] });
    if (error === null) expect(faultsOf(make(), [{ key }])).toEqual([null]);
    else expect(make).toThrow(error);
  });

  test('may be given twice, and are copies: the bytes are the caller’s afterwards', () => {
    const key = Uint8Array.from(keyNamed('good'));
    const verifier = verifierOf({ keys: [key, key] });
    key.fill(0);
    expect(faultsOf(verifier, [{}])).toEqual([null]);
  });
});

test.each<[Partial<FrameVerifierOptions>]>([
  [{ keys: [] }],
  [{ window: 0 }],
  [{ window: -1 }],
  [{ window: Number.NaN }],
  [{ window: Infinity }],
  [{ maxSessions: 0 }],
  [{ maxSessions: 1.5 }],
])('options that make no sense are a RangeError: %j', (options) => {
  expect(() => verifierOf(options)).toThrow(RangeError);
});
