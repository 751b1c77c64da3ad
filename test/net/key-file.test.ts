// Key files: what is a key in them, and which files are not trusted.

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { KeyFileError, readKeyFile } from '../../src/net/index.ts';

const KEY = Buffer.alloc(32, 'key.');
const BASE64 = KEY.toString('base64');
const HEX = KEY.toString('hex');

function fileOf(text: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'keys');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function keysIn(text: string): string[] {
  return readKeyFile(fileOf(text)).map((key) => Buffer.from(key).toString('hex'));
}

test.each([
  ['base64', BASE64],
  ['base64 and a line end', `${BASE64}\n`],
  ['hex', HEX],
  ['hex in capitals', HEX.toUpperCase()],
  ['a comment behind it', `${BASE64}  # of 2026`],
  ['a comment right behind it', `${HEX}#x`],
  ['comments, empty lines and blanks around it', `# keys\n\n  \t\n   ${BASE64}\t\n#`],
  ['the line ends of Windows', `# keys\r\n${BASE64}\r\n`],
])('a key is read in %s', (_, text) => {
  expect(keysIn(text)).toEqual([HEX]);
});

test('keys keep their order and may have any length from 32 bytes on', () => {
  const keys = [48, 32, 33, 100, 64].map((length) => randomBytes(length));
  const lines = keys.map((key, index) => key.toString(index % 2 === 0 ? 'base64' : 'hex'));
  expect(keysIn(lines.join('\n'))).toEqual(keys.map((key) => key.toString('hex')));
});

describe('a file is refused', () => {
  test.each([
    ['with a line that is no key', `${BASE64}\nsecret key!\n`, /keys, line 2: /],
    ['with two keys on a line', `${BASE64} ${BASE64}`, /line 1: /],
    ['with base64 cut off', BASE64.slice(0, -1), /line 1: /],
    ['with the base64 of URLs', `${'-_'.repeat(21)}A=`, /line 1: /],
    ['with hex cut off', HEX.slice(0, -1), /line 1: /],
    ['with a key of 31 bytes', `\n\n${KEY.subarray(1).toString('base64')}`, /line 3: .*32 bytes.* 31$/],
    ['that is empty', '', /no key/],
    ['of comments only', `# ${BASE64}`, /no key/],
  ])('%s, and nothing of a key is told', (_, text, message) => {
    const path = fileOf(text);
    expect(() => readKeyFile(path)).toThrow(KeyFileError);
    expect(() => readKeyFile(path)).toThrow(message);
    expect(() => readKeyFile(path)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });

  test('that is not there, with the error of the system', () => {
    expect(() => readKeyFile('/no/such/file')).toThrow(/ENOENT/);
  });
});

test.skipIf(process.platform === 'win32').each([
  [0o600, true],
  [0o400, true],
  [0o640, true],
  [0o660, true],
  [0o644, false],
  [0o604, false],
  [0o602, false],
  [0o601, false],
])('a file of mode %o is trusted: %s', (mode, trusted) => {
  const path = fileOf(BASE64, mode);
  if (trusted) expect(readKeyFile(path)).toHaveLength(1);
  else expect(() => readKeyFile(path)).toThrow(new RegExp(`keys is open to everybody .*0${mode.toString(8)}`));
});
