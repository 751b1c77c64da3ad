// What the machine works on, and its rare opcodes as well: the stack, the marks, the memo, and what is made of a pickle's
// strs and floats. machine.ts runs over it, execute.ts is handed it.

import { copyOf } from './arguments.ts';
import { PickleError } from './errors.ts';
import { Globals } from './globals.ts';
import { Instances } from './instances.ts';
import type { Limits } from './limits.ts';
import { Memo } from './memo.ts';
import type { ResolvedOptions } from './options.ts';
import { PickleExtent } from './read-window.ts';
import { decodeUnicode, isPackedArgument, StrReader } from './str-reader.ts';
import { PyFloat } from './values/index.ts';

export class MachineState {
  readonly limits: Limits;
  readonly options: ResolvedOptions;
  readonly instances: Instances;
  readonly memo: Memo;
  /** Operands, and the heights at which marks stand: a mark is never a value. */
  readonly stack: unknown[] = [];
  readonly marks: number[] = [];
  sp = 0;
  /** The height of the topmost mark: no opcode but those that take the mark may reach below it. */
  fence = 0;
  protocol = 0;

  readonly extent: PickleExtent;
  protected readonly strings: StrReader = new StrReader(decodeUnicode);
  /** Reads Python 2's strs, unless they are to stay bytes. */
  readonly #strs: StrReader | null;
  readonly #tagged: boolean;

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.limits = options.limits;
    this.instances = new Instances(new Globals(options.allow, options.unknownGlobals), this.limits);
    this.memo = new Memo(this.limits.maxMemo);
    this.extent = new PickleExtent(this.limits.maxBytes);
    this.#strs = options.readString === null ? null : new StrReader(options.readString);
    this.#tagged = options.floats === 'tagged';
  }

  /** The height of the topmost mark, which is taken away. */
  popMark(): number {
    const { marks } = this;
    const marked = marks.pop();
    if (marked === undefined) throw new PickleError('ERR_PICKLE_MARK', 'there is no mark on the stack');
    this.fence = marks.length === 0 ? 0 : (marks[marks.length - 1] as number);
    return marked;
  }

  /** A Python 2 `str` that is to be pushed at the height `sp`. */
  readStr(bytes: Uint8Array, start: number, end: number, sp: number): string | Uint8Array {
    const staysBytes = this.#strs === null || isPackedArgument(this.stack, sp);
    return staysBytes ? copyOf(bytes, start, end) : this.#strs.read(bytes, start, end);
  }

  /** A float as the options want it. */
  float(value: number): number | PyFloat {
    return this.#tagged && Number.isInteger(value) ? new PyFloat(value) : value;
  }

  /** Forgets the pickle. Emptied slots keep their room for the next one; a large stack is given back. */
  protected clear(): void {
    this.sp = 0;
    this.fence = 0;
    this.protocol = 0;
    if (this.marks.length > 0) this.marks.length = 0;
    const { stack } = this;
    if (stack.length > KEPT_SLOTS) stack.length = 0;
    else for (let i = 0; i < stack.length; i++) stack[i] = undefined;
    this.memo.clear();
    this.instances.clear();
  }
}

const KEPT_SLOTS = 256;
