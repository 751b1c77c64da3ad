// The text of Python's `pickletools.dis`, from the opcode table alone. No value is ever built.

import { type ArgumentSpan, locateArgument } from '../arguments.ts';
import { limitReached, PickleError } from '../errors.ts';
import type { MemoIndex } from '../memo.ts';
import { type Opcode, opcodes } from '../opcodes.ts';
import { Output } from '../repr/output.ts';
import { argumentText, intArgument } from './arguments.ts';
import { Emulation } from './stack.ts';

export interface DisassembleOptions {
  /**
   * UTF-16 units of text. Open marks indent, so a text can be as long as the square of its pickle. Default 64 Mi for
   * `disassemble`; without bound for the generators, whose text need not be kept.
   */
  readonly maxLength?: number;
  /** Bytes of one opcode's argument. Default 64 MiB. */
  readonly maxArgumentBytes?: number;
}

/** A pickle that `disassemble` could not print to its end: a PickleError, with what was printed before it. */
export class DisassemblyError extends PickleError {
  override readonly name: string = 'DisassemblyError';
  /** What `pickletools.dis` has printed when it raises: often with the line that failed, or the beginning of it. */
  readonly text: string;

  constructor(error: PickleError, opcode: number, text: string) {
    super(error.code, error.reason, { offset: error.offset, opcode, limit: error.limit });
    this.text = text;
  }
}

/**
 * What Python 3.13's `pickletools.dis(data)` prints: a line for each opcode of the first pickle, then the highest
 * protocol among them. What follows STOP is ignored.
 *
 * Throws a DisassemblyError where `dis` raises: ERR_PICKLE_TRUNCATED, _OPCODE, _ARGUMENT, _TEXT, ERR_PICKLE_MARK for a
 * mark that is not there, ERR_PICKLE_STACK for too few values on the stack or for values left on it after STOP,
 * ERR_PICKLE_MEMO for an index that is stored to twice, read but never stored, or given nothing to store;
 * ERR_PICKLE_LIMIT for an int that Python does not print (`maxIntDigits`) and for the limits of the options. What `dis`
 * does not check is not checked: types, frames, the number of the protocol.
 */
export function disassemble(data: Uint8Array, options: DisassembleOptions = {}): string {
  const out = new Output(Number.POSITIVE_INFINITY);
  try {
    for (const text of disassembleLines(data, 0, { maxLength: MAX_LENGTH, ...options })) out.write(text);
  } catch (error) {
    throw error instanceof PickleError ? new DisassemblyError(error, data[error.offset] ?? -1, out.end()) : error;
  }
  return out.end();
}

/** The text of `disassembleLines` for every pickle of a concatenation, of which there must be one at least. */
export function* disassembleAll(data: Uint8Array, options: DisassembleOptions = {}): Generator<string, void> {
  let start = 0;
  do start = yield* disassembleLines(data, start, options);
  while (start < data.length);
}

/**
 * The text of `disassemble`, opcode by opcode, for the pickle that starts at `data[start]`. Offsets count from
 * `data[0]`, as `dis` counts those of a file. Returns the offset of the byte after STOP. Throws the PickleErrors of
 * `disassemble`, when the text before them has been taken.
 */
export function* disassembleLines(
  data: Uint8Array,
  start = 0,
  options: DisassembleOptions = {},
): Generator<string, number> {
  const lines = new Lines(data, options);
  for (let at = start; ; at = lines.next) {
    let failure: PickleError | null = null;
    try {
      lines.read(at);
    } catch (error) {
      if (!(error instanceof PickleError)) throw error;
      failure = new PickleError(error.code, error.reason, { offset: at, opcode: data[at] ?? -1, limit: error.limit });
    }
    if (lines.text !== '') yield lines.text;
    if (failure !== null) throw failure;
    if (lines.stopped) return lines.next;
  }
}

/** The opcodes of one pickle as they are printed, one after the other. */
class Lines {
  /** What was printed of the opcode last read, also where that failed. */
  text = '';
  /** Offset of the opcode after it. */
  next = 0;
  stopped = false;
  readonly #data: Uint8Array;
  readonly #maxLength: number;
  readonly #maxArgumentBytes: number;
  readonly #emulation: Emulation = new Emulation();
  readonly #span: ArgumentSpan = { from: 0, to: 0, next: 0, wanted: 0 };
  #length = 0;
  #highest = -1;

  constructor(data: Uint8Array, options: DisassembleOptions) {
    this.#data = data;
    this.#maxLength = options.maxLength ?? Number.POSITIVE_INFINITY;
    this.#maxArgumentBytes = options.maxArgumentBytes ?? MAX_ARGUMENT_BYTES;
  }

  read(at: number): void {
    this.text = '';
    const emulation = this.#emulation;
    const opcode = this.#locate(at);
    const { name, argument: kind } = opcode;
    // Python has read the argument before it prints anything; of a LONG4, only the printing can fail.
    let argument = kind === 'long4' ? null : this.#argument(opcode);
    this.#print(`${String(at).padStart(5)}: `);
    argument ??= this.#argument(opcode);

    const indent = ' '.repeat(INDENT * emulation.depth);
    const step = emulation.check(opcode, this.#memoIndex(opcode));
    const words = [argument, step.note].filter((word) => word !== null);
    const line = words.length === 0 ? name : [name.padEnd(10), ...words].join(' ');
    this.#print(`${opcodeText(opcode.code).padEnd(4)} ${indent}${line}\n`);
    if (step.complaint !== null) throw step.complaint;
    emulation.apply(opcode, step, at);

    this.#highest = Math.max(this.#highest, opcode.proto);
    if (name !== 'STOP') return;
    this.stopped = true;
    this.#print(`highest protocol among opcodes = ${this.#highest}\n`);
    if (emulation.height > 0) throw new PickleError('ERR_PICKLE_STACK', 'values are left on the stack after STOP');
  }

  /** The opcode at `data[at]`, and the place of its argument in `#span`. */
  #locate(at: number): Opcode {
    const data = this.#data;
    const span = this.#span;
    const code = data[at];
    if (code === undefined) throw new PickleError('ERR_PICKLE_TRUNCATED', 'the data ends before the pickle does');
    if (!locateArgument(code, data, at + 1, data.length, Number.POSITIVE_INFINITY, span)) {
      throw new PickleError('ERR_PICKLE_TRUNCATED', 'the data ends inside an argument');
    }
    if (span.to - span.from > this.#maxArgumentBytes) {
      throw limitReached('maxArgumentBytes', this.#maxArgumentBytes, 'bytes in an argument');
    }
    this.next = span.next;
    return OPCODES[code] as Opcode;
  }

  #argument({ argument: kind }: Opcode): string | null {
    return kind === null ? null : argumentText(kind, this.#data, this.#span.from, this.#span.to);
  }

  #memoIndex({ name, argument: kind }: Opcode): MemoIndex | null {
    if (kind === null || !MEMO_OPCODES.has(name)) return null;
    const index = intArgument(kind, this.#data, this.#span.from, this.#span.to);
    return typeof index === 'boolean' ? Number(index) : index;
  }

  #print(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#maxLength) throw limitReached('maxLength', this.#maxLength, 'characters of text');
    this.text += text;
  }
}

/** As Python's repr() shows the byte. */
function opcodeText(code: number): string {
  return code < 0x7f ? String.fromCharCode(code) : `\\x${code.toString(16)}`;
}

const INDENT = 4;
const MAX_LENGTH = 64 * 1024 * 1024;
const MAX_ARGUMENT_BYTES = 64 * 1024 * 1024;
const MEMO_OPCODES: ReadonlySet<string> = new Set(['PUT', 'BINPUT', 'LONG_BINPUT', 'GET', 'BINGET', 'LONG_BINGET']);

const OPCODES: readonly (Opcode | undefined)[] = (() => {
  const rows: (Opcode | undefined)[] = new Array(256).fill(undefined);
  for (const opcode of opcodes) rows[opcode.code] = opcode;
  return rows;
})();
