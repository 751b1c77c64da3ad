// A receiver that has keys reads signed frames only, and one that has none says what it was sent.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameSignatureError, FrameVerifier } from '../../src/net/index.ts';
import { frames, latin1 } from '../net/frames.ts';
import { turn } from '../net/server-fixture.ts';
import { keyNamed, NOW, type Signing, sessionNamed, signed } from '../net/signing.ts';
import { checkProperty } from '../properties/check.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { connectTo, receiving, send } from './receiving.ts';

function verifier(): FrameVerifier {
  return new FrameVerifier({ keys: [keyNamed('good')], now: () => NOW * 1000 });
}

function signedRecord(msg: string, signing?: Signing): Uint8Array {
  return signed(pickleRecord(msg), signing);
}

describe('a receiver with keys', () => {
  test('handles the records of signed frames', async () => {
    const { receiver, handled, rejections } = await receiving({ verify: verifier() });
    await send(receiver, ...['one', 'two', 'three'].map((msg, index) => signedRecord(msg, { counter: index + 1 })));
    expect([handled, rejections]).toEqual([['one', 'two', 'three'], []]);
    expect(receiver.stats).toMatchObject({ records: 3, rejected: 0, unverified: 0, trailing: 0 });
  });

  test.each([
    ['unsigned', pickleRecord('bad')],
    ['unsigned', latin1('')],
    ['unknown-key', signedRecord('bad', { key: keyNamed('other'), counter: 2 })],
    ['bad-signature', Buffer.concat([signedRecord('bad', { counter: 2 }), latin1('.')])],
    ['too-old', signedRecord('bad', { counter: 2, time: NOW - 1000 })],
    ['from-the-future', signedRecord('bad', { counter: 2, time: NOW + 1000 })],
    ['replayed', signedRecord('bad')],
  ])('refuses one that is %s: it costs itself only, and is counted', async (signature, bad) => {
    const { receiver, handled, rejections } = await receiving({ verify: verifier() });
    await send(receiver, signedRecord('before'), bad, signedRecord('after', { counter: 3 }));
    expect(handled).toEqual(['before', 'after']);
    expect(rejections).toMatchObject([{ code: 'ERR_FRAME_SIGNATURE', signature, global: null, peer: { id: 1 } }]);
    expect(rejections[0]?.error).toBeInstanceOf(FrameSignatureError);
    expect(receiver.stats).toMatchObject({ records: 2, rejected: 1, unverified: 1 });
  });

  test('looks into no frame that it refuses: of a pickle that names a class it says only that it is not signed', async () => {
    const { receiver, rejections } = await receiving({ verify: verifier(), unknownGlobals: 'reject' });
    await send(receiver, opcodes('cos\nsystem\n.'));
    expect(rejections).toMatchObject([{ code: 'ERR_FRAME_SIGNATURE', signature: 'unsigned', global: null }]);
  });

  test('holds what is in a signed frame to the same rules as ever', async () => {
    const { receiver, rejections } = await receiving({ verify: verifier() });
    await send(receiver, signed(opcodes('cos\nsystem\n.')), signed(opcodes('N.'), { counter: 2 }));
    expect(rejections).toMatchObject([
      { code: 'ERR_RECORD_NOT_A_DICT', global: 'os.system', signature: null },
      { code: 'ERR_RECORD_NOT_A_DICT', signature: null },
    ]);
    expect(receiver.stats).toMatchObject({ rejected: 2, unverified: 0 });
  });

  test('refuses a frame that came before on another connection', async () => {
    const { receiver, handled, rejections } = await receiving({ verify: verifier() });
    for (let times = 0; times < 3; times++) await send(receiver, signedRecord('once'));
    expect(handled).toEqual(['once']);
    expect(rejections.map(({ signature, peer }) => [signature, peer?.id])).toEqual([
      ['replayed', 2],
      ['replayed', 3],
    ]);
  });

  test('law: frames cut anywhere and sent a turn of the event loop apart give the same records and refusals', async () => {
    const keys = fc.constantFrom('good', 'other');
    const sent = fc.array(fc.record({ key: keys, session: fc.constantFrom('a', 'b') }), { minLength: 1, maxLength: 5 });
    const cuts = fc.array(fc.nat(), { maxLength: 10 });
    let run = 0;
    const { receiver, handled } = await receiving({ verify: verifier() });
    await checkProperty(
      fc.asyncProperty(sent, cuts, async (all, offsets) => {
        handled.length = 0;
        run++;
        const gone = new Promise((resolve) => receiver.once('disconnect', resolve));
        const socket = connectTo(receiver).setNoDelay();
        const payloads = all.map(({ key, session }, index) => {
          const signing = { key: keyNamed(key), session: sessionNamed(`${session}${run}`), counter: index + 1 };
          return signedRecord(`${index}`, signing);
        });
        for (const chunk of cutAt(frames(...payloads), offsets)) {
          socket.write(chunk);
          await turn();
        }
        socket.end();
        await gone;
        expect(handled).toEqual(all.flatMap(({ key }, index) => (key === 'good' ? [`${index}`] : [])));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a receiver without keys', () => {
  test('says of a signed frame that it is signed', async () => {
    const { receiver, handled, rejections } = await receiving();
    await send(receiver, pickleRecord('before'), signedRecord('signed'), pickleRecord('after'));
    expect(handled).toEqual(['before', 'after']);
    expect(rejections).toMatchObject([
      { code: 'ERR_FRAME_SIGNATURE', signature: 'no-keys', message: expect.stringMatching(/signed.*no key/) },
    ]);
    expect(receiver.stats).toMatchObject({ records: 2, rejected: 1, unverified: 1 });
  });

  test.each([
    ['a byte of the magic is missing', opcodes('PWS')],
    ['a persistent id begins alike', opcodes('PWS2\n.')],
  ])('says nothing of signatures where %s', async (_, payload) => {
    const { receiver, rejections } = await receiving();
    await send(receiver, payload);
    expect(rejections).toMatchObject([{ code: expect.stringMatching(/^ERR_PICKLE/), signature: null }]);
  });
});

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.slice(edges[index], edge));
}
