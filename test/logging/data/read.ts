// Reads the tables beside it: what CPython made of random formats and values (generate.py).

import { readFileSync } from 'node:fs';
import { PyComplex, PyDecimal, PyFloat, PyFraction, PyTuple, PyUUID } from '../../../src/pickle/index.ts';

/** The cases of a table, one a line. */
export function readCases<T>(name: string): T[] {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

/** A value as generate.py's `encode` writes it. */
export type Encoded = readonly [type: string, content?: unknown];

/** The decoded value that stands for an encoded one. */
export function decode([type, content]: Encoded): unknown {
  switch (type) {
    case 'None':
      return null;
    case 'bool':
      return content === 'True';
    case 'int':
      return integer(content as string);
    case 'float':
      return float(content as string);
    case 'str':
      return content;
    case 'bytes':
      return Uint8Array.from(Buffer.from(content as string, 'hex'));
    case 'tuple':
      return PyTuple.adopt((content as Encoded[]).map(decode));
    case 'list':
      return (content as Encoded[]).map(decode);
    case 'dict':
      return new Map((content as [Encoded, Encoded][]).map(([key, value]) => [decode(key), decode(value)]));
    case 'complex': {
      const [real, imag] = (content as Encoded[]).map(decode).map(Number);
      return new PyComplex(real ?? 0, imag ?? 0);
    }
    case 'Decimal':
      return new PyDecimal(content as string);
    case 'Fraction': {
      const [numerator, denominator] = content as [string, string];
      return new PyFraction(integer(numerator), integer(denominator));
    }
    case 'UUID':
      return new PyUUID(content as string);
    default:
      throw new Error(`generate.py writes no ${type}`);
  }
}

function integer(text: string): number | bigint {
  const value = BigInt(text);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function float(hex: string): number | PyFloat {
  const value = Buffer.from(hex, 'hex').readDoubleBE();
  return Number.isInteger(value) ? new PyFloat(value) : value;
}
