// Text as the bytes of a file: Python's names of encodings and of error handlers.

import { LoggingError } from '../errors.ts';

/** How text becomes bytes: first `prepare`, a record at a time, then `encode`, many at a time. */
export interface TextEncoding {
  /** Python's name of the encoding, normalised: `utf-8`, `iso8859-1`, … */
  readonly name: string;
  /** What a file begins with before its first text; empty where the encoding has no such thing. */
  readonly signature: Uint8Array;
  readonly isUtf8: boolean;
  /** Whether `prepare` may throw. */
  readonly refuses: boolean;
  /**
   * The text with everything replaced that cannot be encoded.
   * @throws LoggingError `ERR_UNENCODABLE` where the error handler replaces nothing
   */
  prepare(text: string): string;
  /** How many bytes `encode` makes of a prepared text. */
  byteLength(prepared: string): number;
  /** The bytes of one prepared text, or of several in a row. */
  encode(prepared: string): Uint8Array;
}

/** What becomes of a character that cannot be encoded, given by its code point; null where it has no replacement. */
type ErrorHandler = (codePoint: number, form: Form) => string | null;

/** One way of encoding, error handlers apart. */
interface Form {
  readonly name: string;
  readonly signature: Uint8Array;
  /** Finds text that may hold what cannot be encoded. Looking first is several times as fast as replacing nothing. */
  readonly suspect: RegExp;
  /** Finds what cannot be encoded, a character at a time. */
  readonly unencodable: RegExp;
  /** What Python says of such a character. */
  readonly reason: string;
  /** Whether a single byte can stand for itself, as `surrogateescape` wants it. */
  readonly bytewise: boolean;
  byteLength(prepared: string): number;
  encode(prepared: string): Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const ANY_SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATES = /\p{Surrogate}+/gu;

const utf8: Form = {
  name: 'utf-8',
  signature: NOTHING,
  suspect: ANY_SURROGATE,
  unencodable: /\p{Surrogate}/gu,
  reason: 'surrogates not allowed',
  bytewise: true,
  byteLength: (prepared) => Buffer.byteLength(prepared) - 2 * countEscapes(prepared),
  encode: encodeUtf8,
};

const utf16: Form = {
  name: 'utf-16-le',
  signature: NOTHING,
  suspect: ANY_SURROGATE,
  unencodable: /\p{Surrogate}/gu,
  reason: 'surrogates not allowed',
  bytewise: false,
  byteLength: (prepared) => prepared.length * 2,
  encode: (prepared) => Buffer.from(prepared, 'utf16le'),
};

const latin1: Form = {
  name: 'iso8859-1',
  signature: NOTHING,
  suspect: /[\u0100-\uffff]/,
  unencodable: /[\u{100}-\u{10ffff}]/gu,
  reason: 'ordinal not in range(256)',
  bytewise: true,
  byteLength: (prepared) => prepared.length,
  // Of an escaped byte, U+DC80 to U+DCFF, this takes the lower half, which is that byte.
  encode: (prepared) => Buffer.from(prepared, 'latin1'),
};

const FORMS: readonly Form[] = [
  utf8,
  { ...utf8, name: 'utf-8-sig', signature: Uint8Array.of(0xef, 0xbb, 0xbf) },
  utf16,
  { ...utf16, name: 'utf-16-be', encode: (prepared) => Buffer.from(prepared, 'utf16le').swap16() },
  { ...utf16, name: 'utf-16', signature: Uint8Array.of(0xff, 0xfe) },
  latin1,
  {
    ...latin1,
    name: 'ascii',
    suspect: /[\x80-\uffff]/,
    unencodable: /[\x80-\u{10ffff}]/gu,
    reason: 'ordinal not in range(128)',
  },
];

/** Other names, in small letters and with `_` for what is neither letter nor digit; from Python's encodings/aliases.py. */
const ALIASES: ReadonlyMap<string, string> = new Map(
  [
    ['utf-8', 'utf_8 utf8 utf u8 utf8_ucs2 utf8_ucs4 cp65001'],
    ['utf-8-sig', 'utf_8_sig'],
    ['utf-16', 'utf_16 utf16 u16'],
    ['utf-16-le', 'utf_16_le utf_16le unicodelittleunmarked'],
    ['utf-16-be', 'utf_16_be utf_16be unicodebigunmarked'],
    ['iso8859-1', 'iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 iso8859 8859'],
    ['iso8859-1', 'latin_1 latin1 latin l1 cp819 ibm819 csisolatin1'],
    ['ascii', 'ascii us_ascii us 646 cp367 ibm367 csascii iso646_us iso_646.irv_1991 iso_ir_6'],
    ['ascii', 'ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986'],
  ].flatMap(([name = '', aliases = '']) => aliases.split(' ').map((alias) => [alias, name] as const)),
);

const ERROR_HANDLERS: ReadonlyMap<string, ErrorHandler> = new Map<string, ErrorHandler>([
  ['strict', () => null],
  ['ignore', () => ''],
  ['replace', () => '?'],
  ['backslashreplace', backslash],
  ['xmlcharrefreplace', (codePoint) => `&#${codePoint};`],
  [
    'surrogateescape',
    (codePoint, form) => (form.bytewise && isEscape(codePoint) ? String.fromCharCode(codePoint) : null),
  ],
]);

/**
 * An encoding by one of Python's names for it.
 * @param errors what to do with a character that it cannot encode: Python's names, but for `namereplace` and
 *   `surrogatepass`; null, Python's None, is `strict`
 * @throws LoggingError `ERR_ENCODING` for an encoding or an error handler that is not known
 */
export function textEncoding(encoding: string, errors: string | null): TextEncoding {
  const name = ALIASES.get(encoding.toLowerCase().replace(/[^a-z0-9.]+/g, '_'));
  const form = FORMS.find((each) => each.name === name);
  if (form === undefined) {
    const known = FORMS.map((each) => each.name).join(', ');
    throw new LoggingError('ERR_ENCODING', `the encoding must be one of ${known}, not ${encoding}`);
  }
  const handler = ERROR_HANDLERS.get(errors ?? 'strict');
  if (handler === undefined) {
    const known = [...ERROR_HANDLERS.keys()].join(', ');
    throw new LoggingError('ERR_ENCODING', `errors must be one of ${known}, not ${errors}`);
  }
  return {
    name: form.name,
    signature: form.signature,
    isUtf8: form.encode === encodeUtf8,
    refuses: handler('\ud800'.charCodeAt(0), form) === null,
    prepare: (text) => prepare(text, form, handler),
    byteLength: form.byteLength,
    encode: form.encode,
  };
}

function prepare(text: string, form: Form, handler: ErrorHandler): string {
  if (!form.suspect.test(text)) return text;
  return text.replace(form.unencodable, (character: string, offset: number) => {
    const codePoint = character.codePointAt(0) as number;
    const replacement = handler(codePoint, form);
    if (replacement !== null) return replacement;
    const position = [...text.slice(0, offset)].length;
    const escaped = backslash(codePoint);
    const message = `'${form.name}' codec can't encode character '${escaped}' in position ${position}: ${form.reason}`;
    throw new LoggingError('ERR_UNENCODABLE', message);
  });
}

function backslash(codePoint: number): string {
  const digits = codePoint.toString(16);
  if (codePoint <= 0xff) return `\\x${digits.padStart(2, '0')}`;
  return codePoint <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** Whether a code point is a byte over 127 that Python's `surrogateescape` has let pass a decoder. */
function isEscape(codePoint: number): boolean {
  return codePoint >= 0xdc80 && codePoint <= 0xdcff;
}

/** Escaped bytes of a prepared text: the only lone surrogates that it may hold. Each counts three bytes to Node. */
function countEscapes(prepared: string): number {
  if (!ANY_SURROGATE.test(prepared)) return 0;
  let count = 0;
  for (const [run] of prepared.matchAll(LONE_SURROGATES)) count += run.length;
  return count;
}

function encodeUtf8(prepared: string): Uint8Array {
  if (countEscapes(prepared) === 0) return Buffer.from(prepared);
  const parts: Buffer[] = [];
  let end = 0;
  for (const { 0: run, index } of prepared.matchAll(LONE_SURROGATES)) {
    parts.push(Buffer.from(prepared.slice(end, index)), Buffer.from(run, 'latin1'));
    end = index + run.length;
  }
  parts.push(Buffer.from(prepared.slice(end)));
  return Buffer.concat(parts);
}
