// Encodings and error handlers: Python's bytes for Python's names.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { textEncoding } from '../../../src/logging/encode/text-encoding.ts';

type Case = [encoding: string, errors: string, text: string, hex: string | null];

const cases = readFileSync(new URL('../data/encodings.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** The bytes of a text at the beginning of a file, in hexadecimal; null where it is refused. */
function encoded(encoding: string, errors: string, text: string): string | null {
  const codec = textEncoding(encoding, errors);
  let prepared: string;
  try {
    prepared = codec.prepare(text);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_UNENCODABLE' });
    return null;
  }
  const bytes = codec.encode(prepared);
  expect(codec.byteLength(prepared)).toBe(bytes.length);
  return Buffer.concat([codec.signature, bytes]).toString('hex');
}

describe.each([...new Set(cases.map(([encoding]) => encoding))])('%s', (encoding) => {
  const own = cases.filter((each) => each[0] === encoding);

  test.each([...new Set(own.map(([, errors]) => errors))])(
    'gives the bytes that Python gives, errors being %s',
    (errors) => {
      const rows = own.filter((each) => each[1] === errors);
      const ours = rows.map((row): Case => [row[0], row[1], row[2], encoded(row[0], row[1], row[2])]);
      expect(ours).toEqual(rows);
    },
  );

  test('encodes texts in a row as it encodes each', () => {
    const codec = textEncoding(encoding, 'surrogateescape');
    const texts = ['a\n', 'é\udce9\n', '\udcff', '\u{1f600}\n'].flatMap((text) => {
      try {
        return [codec.prepare(text)];
      } catch {
        return [];
      }
    });
    const apart = Buffer.concat(texts.map((text) => codec.encode(text)));
    expect(Buffer.from(codec.encode(texts.join('')))).toEqual(apart);
  });
});

test.each([
  ['UTF8', 'utf-8'],
  ['utf_8', 'utf-8'],
  ['U8', 'utf-8'],
  ['Latin-1', 'iso8859-1'],
  ['ISO-8859-1', 'iso8859-1'],
  ['L1', 'iso8859-1'],
  ['US-ASCII', 'ascii'],
  ['ANSI_X3.4-1968', 'ascii'],
  ['UTF-16LE', 'utf-16-le'],
  ['utf 16 be', 'utf-16-be'],
  ['UTF-8-SIG', 'utf-8-sig'],
])('%s is a name of %s', (alias, name) => {
  expect(textEncoding(alias, 'strict').name).toBe(name);
});

test.each(['cp1252', 'utf-32', '', 'utf-8\0', 'constructor'])('there is no encoding %j', (name) => {
  expect(() => textEncoding(name, 'strict')).toThrow(expect.objectContaining({ code: 'ERR_ENCODING' }));
});

test.each(['namereplace', 'surrogatepass', 'constructor'])('there is no error handler %j', (errors) => {
  expect(() => textEncoding('utf-8', errors)).toThrow(expect.objectContaining({ code: 'ERR_ENCODING' }));
});

test('a refusal names the character and its place, in characters', () => {
  expect(() => textEncoding('ascii', 'strict').prepare('\u{1f600}a\xd8')).toThrow(
    "'ascii' codec can't encode character '\\U0001f600' in position 0: ordinal not in range(128)",
  );
  expect(() => textEncoding('utf-8', 'strict').prepare('\u{1f600}a\udce9')).toThrow(
    "'utf-8' codec can't encode character '\\udce9' in position 2: surrogates not allowed",
  );
});
