// Which classes and functions pickles name, and which of them they call, without building anything.

import { chunksOf, type PickleSource } from '../chunks.ts';
import type { AllowedGlobal } from '../globals.ts';
import { opcodeName } from '../opcodes.ts';
import { safeGlobals } from '../safe-globals.ts';
import { type ScanContext, type ScanLimits, ScanMachine } from './machine.ts';
import { type Break, OpcodeReader } from './opcodes.ts';
import { Findings, type ScanProblem, type ScanReport } from './report.ts';

export interface ScanOptions {
  /** The allow-list that findings are held against. Default: `safeGlobals`. */
  readonly allow?: Iterable<AllowedGlobal>;
  /** The module and name behind each extension code (`copyreg.add_extension`). Others are reported by their number. */
  readonly extensions?: ReadonlyMap<number, readonly [module: string, name: string]>;
  /** Limits that differ from `defaultScanLimits`. */
  readonly limits?: Partial<ScanLimits>;
}

export const defaultScanLimits: ScanLimits = {
  maxFindings: 10_000,
  maxNameBytes: 256,
  maxStack: 100_000,
  maxMemo: 1_000_000,
};

/**
 * Every global that the pickles in `data`, one after another, name. Whatever the bytes are, nothing is thrown: `broken`
 * says where they are no pickle any more, and the report has what came before. An opcode that a pickle machine would
 * stop at, for what is on its stack or in its memo, is noted in `problems`, and the scan goes on behind it.
 *
 * Only names are read: text that is none, numbers, types, and what a constructor would make of its arguments, are not
 * looked at, so a pickle without problems need not be one that decodes. Pickles inside of bytes are not looked for.
 */
export function scan(data: Uint8Array, options: ScanOptions = {}): ScanReport {
  const scanner = new Scanner(options);
  scanner.push(data);
  return scanner.end();
}

/**
 * The same of bytes that come in chunks, cut anywhere, in memory that does not grow with them: values that are too long
 * for a name are passed over. Stops reading, and closes the source, where the pickles are broken. What the source throws
 * is thrown; a TypeError for a source that gives anything but Uint8Arrays.
 */
export async function scanStream(source: PickleSource, options: ScanOptions = {}): Promise<ScanReport> {
  const scanner = new Scanner(options);
  for await (const chunk of chunksOf(source)) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a chunk must be a Uint8Array');
    scanner.push(chunk);
    if (scanner.isBroken) break;
  }
  return scanner.end();
}

class Scanner {
  readonly #context: ScanContext;
  /** Pickles one after another, each up to the end of the frame that its STOP stands in, as pickle.py reads them. */
  readonly #main: Lane;
  /**
   * From the first STOP that is not at the end of its frame: the bytes right after it, and so on without regard to
   * frames. CPython's C unpickler reads a file so, where it may look ahead.
   */
  #stray: Lane | null = null;
  /** Stream offset of the next chunk. */
  #offset = 0;

  constructor(options: ScanOptions) {
    const limits = { ...defaultScanLimits, ...options.limits };
    this.#context = {
      findings: new Findings(options.allow ?? safeGlobals, limits.maxFindings),
      extensions: options.extensions ?? new Map(),
      limits,
    };
    this.#main = new Lane(this.#context, 0, 0, true);
  }

  get isBroken(): boolean {
    return this.#main.reader.broken !== null && (this.#stray === null || this.#stray.reader.broken !== null);
  }

  push(chunk: Uint8Array): void {
    const { machine } = this.#main;
    this.#main.reader.push(chunk);
    if (this.#stray !== null) {
      this.#stray.reader.push(chunk);
    } else if (machine.stray !== null) {
      const { offset, pickles } = machine.stray;
      this.#stray = new Lane(this.#context, offset, pickles, false);
      this.#stray.reader.push(chunk.subarray(offset - this.#offset));
    }
    this.#offset += chunk.length;
  }

  end(): ScanReport {
    const { findings } = this.#context;
    const { machine } = this.#main;
    const broken = this.#main.end(this.#offset);
    const strayBroken = this.#stray?.end(this.#offset) ?? null;
    if (strayBroken !== null) findings.problem(strayBroken, strayBroken.code, strayBroken.message);
    return findings.report(machine.pickles, broken);
  }
}

/** Bytes read as pickles in one way. */
class Lane {
  readonly reader: OpcodeReader;
  readonly machine: ScanMachine;

  constructor(context: ScanContext, offset: number, pickles: number, heedsFrames: boolean) {
    const machine = new ScanMachine(context, pickles, heedsFrames);
    this.machine = machine;
    this.reader = new OpcodeReader(offset, context.limits.maxNameBytes, machine.step.bind(machine));
  }

  /** Where the pickles break off; null where they end with a STOP. `offset` is that of the end of the data. */
  end(offset: number): ScanProblem | null {
    const { reader, machine } = this;
    reader.end();
    let broken: Break | null = reader.broken;
    // A STOP cannot be cut, only the frame that it stands in: without the rest of that, its pickle is not whole.
    if (broken?.opcode === STOP) machine.pickles--;
    if (broken === null && (machine.isInPickle || offset === 0)) {
      broken = { code: 'ERR_PICKLE_TRUNCATED', message: 'the data ends before the pickle does', offset, opcode: -1 };
    }
    return broken === null ? null : { ...broken, opcode: opcodeName(broken.opcode), pickle: machine.pickles };
  }
}

const STOP = 0x2e;
