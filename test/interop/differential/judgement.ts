// One pickle, judged twice: by CPython, as fixtures/corpus/judge.py says, and by unpickle. Knows no deviation.

import { PickleError, repr, type Strings, type UnpickleOptions, unpickle } from '../../../src/pickle/index.ts';

export const policies = ['reject', 'inert'] as const;
export type OutputPipeline = (typeof policies)[number];

/** What CPython made of a pickle: see judge() in judge.py. */
export interface PythonOutcome {
  readonly repr?: string;
  readonly error?: string;
  readonly global?: string;
  readonly unanswered?: string;
  readonly notes?: readonly string[];
}

/** What unpickle made of it. */
export interface Outcome {
  readonly repr?: string;
  readonly error?: PickleError;
}

/** A pickle, in base64, with what it was loaded with and what CPython made of it under either policy. */
export interface Row extends Readonly<Record<OutputPipeline, PythonOutcome>> {
  readonly pickle: string;
  readonly encoding?: string;
  readonly extensions?: Readonly<Record<string, readonly [module: string, name: string]>>;
}

/** One pickle under one policy. */
export interface Case {
  readonly row: Row;
  readonly policy: OutputPipeline;
  readonly python: PythonOutcome;
  readonly ours: Outcome;
}

const STRINGS: Readonly<Record<string, Strings>> = {
  ASCII: 'ascii',
  latin1: 'latin1',
  'utf-8': 'utf8',
  bytes: 'bytes',
};

/** Decodes the row's pickle; anything but a PickleError that is thrown fails the test. */
export function judge(row: Row, policy: OutputPipeline): Case {
  const options: UnpickleOptions = {
    unknownGlobals: policy,
    floats: 'tagged',
    strings: STRINGS[row.encoding ?? 'ASCII']!,
    extensions: new Map(Object.entries(row.extensions ?? {}).map(([code, names]) => [Number(code), names])),
  };
  const python = row[policy];
  let value: unknown;
  try {
    value = unpickle(bytesOf(row), options);
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    return { row, policy, python, ours: { error } };
  }
  return { row, policy, python, ours: { repr: repr(value) } };
}

export function bytesOf(row: Row): Uint8Array {
  return new Uint8Array(Buffer.from(row.pickle, 'base64'));
}

/** Equal text, or a refusal on both sides; where both name a global that is not allowed, it is the same one. */
export function agree({ python, ours }: Case): boolean {
  if (python.repr !== undefined) return ours.repr === python.repr;
  if (ours.error === undefined) return false;
  return python.global === undefined || ours.error.global === null || ours.error.global === python.global;
}

/** A case as one would report it: the pickle in Python's notation, and both outcomes. */
export function report({ row, policy, python, ours }: Case): string {
  const pickle = [...bytesOf(row)].map(pythonByte).join('');
  const made = ours.repr ?? `${ours.error?.code}: ${ours.error?.message}`;
  return `${policy}: b"${pickle}"\n  CPython: ${JSON.stringify(python)}\n  unpickle: ${JSON.stringify(made)}`;
}

function pythonByte(byte: number): string {
  if (byte >= 0x20 && byte < 0x7f)
    return byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
