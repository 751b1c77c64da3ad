// Ints as LONG1 and LONG4 carry them. The reverse of ../long.ts.

/** `pickle.encode_long`: the fewest bytes of two's complement, little-endian; none for 0. */
export function encodeLong(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0);
  // The int of as many bits that is not negative: -128 and 127 take one byte, 128 and -129 two.
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 0 : bitLength(magnitude.toString(16));
  const size = Math.floor(bits / 8) + 1;
  const unsigned = value < 0n ? value + (1n << BigInt(8 * size)) : value;
  const digits = unsigned.toString(16).padStart(2 * size, '0');
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[size - 1 - i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

function bitLength(hex: string): number {
  return 4 * (hex.length - 1) + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}
