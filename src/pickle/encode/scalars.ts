// Numbers, text and bytes as each protocol writes them. Knows no memo and no container.

import { floatRepr } from '../repr/float-repr.ts';
import { encodeLong } from './long.ts';
import { op } from './op.ts';
import { encodeRawUnicodeEscape, encodeUtf8 } from './text.ts';
import type { PickleWriter } from './writer.ts';

export function writeBool(out: PickleWriter, value: boolean, protocol: number): void {
  if (protocol >= 2) out.code(value ? op.NEWTRUE : op.NEWFALSE);
  else out.line(op.INT, value ? '01' : '00');
}

export function writeInt(out: PickleWriter, value: number | bigint, protocol: number): void {
  const small = value >= -0x8000_0000 && value <= 0x7fff_ffff;
  if (small && protocol >= 1) {
    const int = Number(value);
    if (int >= 0 && int <= 0xff) out.uint1(op.BININT1, int);
    else if (int >= 0 && int <= 0xffff) out.uint2(op.BININT2, int);
    else out.int4(op.BININT, int);
  } else if (protocol >= 2) {
    const bytes = encodeLong(BigInt(value));
    if (bytes.length < 256) out.counted(op.LONG1, 1, bytes);
    else out.counted(op.LONG4, 4, bytes);
  } else if (small) {
    out.line(op.INT, String(value));
  } else {
    out.line(op.LONG, `${value}L`);
  }
}

export function writeFloat(out: PickleWriter, value: number, protocol: number): void {
  if (protocol >= 1) out.float8(op.BINFLOAT, value);
  else out.line(op.FLOAT, floatRepr(value));
}

/** Up to about this many characters, copying ASCII one by one beats a call into the engine's encoder (8: by far). */
const SHORT = 100;

export function writeText(out: PickleWriter, text: string, protocol: number): void {
  if (protocol === 0) {
    out.lineOfBytes(op.UNICODE, encodeRawUnicodeEscape(text));
  } else if (text.length > SHORT || !writeAscii(out, text, protocol)) {
    const bytes = encodeUtf8(text);
    if (protocol >= 4 && bytes.length <= 0xff) out.counted(op.SHORT_BINUNICODE, 1, bytes);
    else out.counted(op.BINUNICODE, 4, bytes);
  }
}

/** False where the text is not ASCII. */
function writeAscii(out: PickleWriter, text: string, protocol: number): boolean {
  const short = protocol >= 4 && text.length <= 0xff;
  return short ? out.countedAscii(op.SHORT_BINUNICODE, 1, text) : out.countedAscii(op.BINUNICODE, 4, text);
}

/** Bytes, from protocol 3 on. */
export function writeBytes(out: PickleWriter, bytes: Uint8Array): void {
  if (bytes.length <= 0xff) out.counted(op.SHORT_BINBYTES, 1, bytes);
  else out.counted(op.BINBYTES, 4, bytes);
}
