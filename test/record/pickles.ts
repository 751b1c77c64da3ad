// Records as Python would pickle them, made by hand in every protocol. Knows nothing of how they are read.

/** A str, an int, a float (a number that is not whole), None, or the opcodes of any other value. */
export type Value = string | number | null | Uint8Array;

export const PROTOCOLS: readonly number[] = [0, 1, 2, 3, 4, 5];

/** Opcodes written as text, one byte per character: `opcodes('cos\nsystem\n')`. */
export function opcodes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/** A dict of these entries, pickled; `protocol` 1 is the SocketHandler's. */
export function pickleDict(entries: readonly (readonly [key: Value, value: Value])[], protocol = 1): Uint8Array {
  const stop = opcodes('.');
  const parts = entries.flatMap((entry) => entry.map((item) => pickleValue(item, protocol)));
  if (protocol === 0) {
    const items = parts.map((part, index) => (index % 2 === 0 ? part : Buffer.concat([part, opcodes('s')])));
    return Buffer.concat([opcodes('(dp0\n'), ...items, stop]);
  }
  const memoize = opcodes(protocol < 4 ? 'q\0' : '\x94');
  const body = Buffer.concat([opcodes('}'), memoize, opcodes('('), ...parts, opcodes('u'), stop]);
  if (protocol === 1) return body;
  const proto = Buffer.of(0x80, protocol);
  if (protocol < 4) return Buffer.concat([proto, body]);
  const frame = Buffer.alloc(9, 0x95);
  frame.writeBigUInt64LE(BigInt(body.length), 1);
  return Buffer.concat([proto, frame, body]);
}

/** The record of a logging call, as far as tests read it; more entries, or others, by `entries`. */
export function pickleRecord(msg: Value, entries: Readonly<Record<string, Value>> = {}, protocol = 1): Uint8Array {
  const record: Record<string, Value> = {
    name: 'app',
    msg,
    args: null,
    levelname: 'INFO',
    levelno: 20,
    created: 1_700_000_000.25,
    msecs: 250.5,
    relativeCreated: 59.25,
    ...entries,
  };
  return pickleDict(Object.entries(record), protocol);
}

function pickleValue(value: Value, protocol: number): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === null) return opcodes('N');
  if (typeof value === 'string') return pickleText(value, protocol);
  if (protocol === 0) return opcodes(`${Number.isInteger(value) ? 'I' : 'F'}${value}\n`);
  if (Number.isInteger(value)) {
    const bytes = Buffer.alloc(5, 'J');
    bytes.writeInt32LE(value, 1);
    return bytes;
  }
  const bytes = Buffer.alloc(9, 'G');
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function pickleText(text: string, protocol: number): Uint8Array {
  if (protocol === 0) {
    const escaped = text.replace(/[\\\n\r]|[^\0-\u007f]/g, (unit) => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
    return opcodes(`V${escaped}\n`);
  }
  const utf8 = Buffer.from(text);
  const head = Buffer.alloc(5, 'X');
  head.writeUInt32LE(utf8.length, 1);
  if (protocol < 4 || utf8.length > 255) return Buffer.concat([head, utf8]);
  return Buffer.concat([Buffer.of(0x8c, utf8.length), utf8]);
}
