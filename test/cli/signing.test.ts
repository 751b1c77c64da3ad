// `picklewire serve --hmac-key`: who is let in, what is said of the others, and how keys are changed.

import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyNamed, type Signing, signed } from '../net/signing.ts';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, picklewire, type Running, scratchFolder } from './command.ts';

const folder = builtPackage();

/** A key file of these keys, by name. */
function keyFile(...names: readonly string[]): string {
  const path = join(scratchFolder(), 'keys');
  writeKeys(path, ...names);
  return path;
}

function writeKeys(path: string, ...names: readonly string[]): void {
  const lines = names.map((name) => `${Buffer.from(keyNamed(name)).toString('base64')}  # ${name}\n`);
  writeFileSync(path, lines.join(''), { mode: 0o600 });
}

function serve(path: string, ...args: readonly string[]): Running {
  return picklewire(folder, ['serve', '--port', '0', '--format', '%(message)s', '--hmac-key', path, ...args]);
}

function signedRecord(msg: string, key: string, more: Signing = {}): Uint8Array {
  return signed(pickleRecord(msg), { key: keyNamed(key), time: Date.now() / 1000, ...more });
}

/** The lines on stderr that tell of a rejection. */
function told({ stderr }: Running): string[] {
  return stderr.split('\n').filter((line) => line.includes('rejected from'));
}

test('writes the records of signed frames, refuses all others, and says why once for each reason', async () => {
  const running = serve(keyFile('a', 'b'));
  const port = await running.port();
  const good = signedRecord('of a', 'a');
  const bad = [
    pickleRecord('unsigned'),
    good,
    signedRecord('unknown', 'c'),
    signedRecord('changed', 'a', { counter: 2 }).fill(0, 100),
    signedRecord('old', 'a', { counter: 3, time: Date.now() / 1000 - 1000 }),
  ];
  await sendTo(port, good, ...bad, ...bad, signedRecord('of b', 'b'));
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  expect(running.stdout).toBe('of a\nof b\n');
  expect(told(running)).toEqual([
    expect.stringMatching(/not signed.*\[ERR_FRAME_SIGNATURE\]/),
    expect.stringMatching(/came before.*\[ERR_FRAME_SIGNATURE\]/),
    expect.stringMatching(/not known here: [0-9a-f]{8}; .*--hmac-key.* \[ERR_FRAME_SIGNATURE\]/),
    expect.stringMatching(/does not fit.*\[ERR_FRAME_SIGNATURE\]/),
    expect.stringMatching(/100\d s behind .* 300 s.*\[ERR_FRAME_SIGNATURE\]/),
  ]);
  expect(running.stderr).toMatch(/2 records from 1 connection, 10 rejected\n$/);
});

test('without the flag, says of a signed frame that it is signed', async () => {
  const running = picklewire(folder, ['serve', '--port', '0', '--format', '%(message)s']);
  await sendTo(await running.port(), signedRecord('signed', 'a'), pickleRecord('plain'));
  await running.printed(/^plain$/m);
  expect(told(running)).toEqual([expect.stringMatching(/the frame is signed, .* no key .*\[ERR_FRAME_SIGNATURE\]/)]);
});

describe('SIGHUP', () => {
  test('reads the keys again, and what was let in before is not let in again', async () => {
    const path = keyFile('a');
    const running = serve(path);
    const port = await running.port();
    const first = signedRecord('first', 'a');
    await sendTo(port, first, signedRecord('too early', 'b'));
    writeKeys(path, 'a', 'b');
    running.kill('SIGHUP');
    await running.printed(/^picklewire: read 2 keys from /m);
    await sendTo(port, first, signedRecord('second', 'b'));
    writeKeys(path, 'b');
    running.kill('SIGHUP');
    await running.printed(/^picklewire: read a key from /m);
    await sendTo(port, signedRecord('too late', 'a', { counter: 2 }), signedRecord('third', 'b', { counter: 2 }));
    await running.printed(/^third$/m);
    expect(running.stdout).toBe('first\nsecond\nthird\n');
  });

  test.each([
    ['is open to everybody', (path: string) => chmodSync(path, 0o644)],
    ['no key in it', (path: string) => writeFileSync(path, '')],
    ['in base64 or hex', (path: string) => writeFileSync(path, '!')],
  ])('leaves the keys as they were when the file is no use: %s', async (reason, spoil) => {
    const path = keyFile('a');
    const running = serve(path);
    const port = await running.port();
    spoil(path);
    running.kill('SIGHUP');
    await running.printed(new RegExp(`^picklewire: the keys stay as they were: .*${reason}`, 'm'));
    await sendTo(port, signedRecord('still served', 'a'));
    await running.printed(/^still served$/m);
  });

  test('opens the output file anew all the same', async () => {
    const running = serve(keyFile('a'), '--output', join(scratchFolder(), 'app.log'));
    await running.port();
    running.kill('SIGHUP');
    await running.printed(/^picklewire: read a key /m);
    await running.printed(/^picklewire: reopened /m);
  });
});

test.each([
  ['is not there', '.missing', 0o600, /^picklewire: cannot use the keys: .*ENOENT/],
  ['is open to everybody', '', 0o644, /^picklewire: cannot use the keys: .*keys is open .*0644/],
])('does not start with a key file that %s: one line, exit code 1, no output file', async (_, suffix, mode, line) => {
  const path = keyFile('a');
  chmodSync(path, mode);
  const output = join(scratchFolder(), 'app.log');
  const running = serve(path + suffix, '--output', output);
  expect((await running.ended).code).toBe(1);
  expect(running.stderr).toMatch(line);
  expect(running.stderr).toMatch(/^[^\n]+\n$/);
  expect(existsSync(output)).toBe(false);
});
