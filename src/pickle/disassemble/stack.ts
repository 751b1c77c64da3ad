// The stack and memo of a pickle as far as `pickletools.dis` emulates them: where marks stand, and which memo indexes are
// in use. Holds no values and prints nothing.

import { PickleError } from '../errors.ts';
import { KeyGuard } from '../key-guard.ts';
import type { MemoIndex } from '../memo.ts';
import type { Opcode } from '../opcodes.ts';

/** What one opcode does, as found before it is applied. */
export interface Step {
  /** What stands behind the opcode's argument: the mark that it takes, or the memo index of MEMOIZE. */
  readonly note: string | null;
  /** What is wrong with it. `dis` raises this when it has printed the line. */
  readonly complaint: PickleError | null;
  /** Values to take from the stack; the mark and what is above it are gone already. */
  readonly pops: number;
}

export class Emulation {
  /** Values on the stack, marks included. */
  #height = 0;
  /** The heights at which marks stand. Unlike in a pickle machine, an opcode may take one for a value. */
  readonly #marks: number[] = [];
  /** Offsets of the MARK opcodes that no other has taken back yet; a mark taken for a value stays here. */
  readonly #markOffsets: number[] = [];
  readonly #memo: Set<MemoIndex> = new Set();
  readonly #keys: KeyGuard = new KeyGuard();

  get height(): number {
    return this.#height;
  }

  /** Marks that lines are indented for. */
  get depth(): number {
    return this.#markOffsets.length;
  }

  /**
   * Looks at an opcode, and takes away the topmost mark if it does. `index` is the argument of one that stores to the
   * memo or reads it. Throws ERR_PICKLE_MARK where `dis` fails in the middle of a line: no mark is left to be found.
   */
  check(opcode: Opcode, index: MemoIndex | null): Step {
    const { name, stackBefore } = opcode;
    const pops = stackBefore.length;
    if (stackBefore.includes('mark') || (name === 'POP' && this.#markOnTop)) {
      const offset = this.#markOffsets.pop();
      if (offset === undefined) {
        return { note: 'no MARK exists on stack', complaint: noMark(), pops };
      }
      const mark = this.#marks.pop();
      if (mark === undefined) throw noMark();
      this.#height = mark;
      return { note: `(MARK at ${offset})`, complaint: null, pops: Math.max(0, stackBefore.indexOf('mark')) };
    }
    if (name === 'MEMOIZE') {
      const next = this.#memo.size;
      return { note: `(as ${next})`, complaint: this.#store(next), pops };
    }
    if (index === null) return { note: null, complaint: null, pops };
    if (opcode.stackAfter.length === 0) return { note: null, complaint: this.#store(index), pops };
    const complaint = this.#memo.has(index) ? null : badMemo(`nothing is stored in the memo at ${index}`);
    return { note: null, complaint, pops };
  }

  /** Takes the step's values off the stack and puts the opcode's on it. ERR_PICKLE_STACK where there are too few. */
  apply(opcode: Opcode, { pops }: Step, offset: number): void {
    if (this.#height < pops) {
      throw new PickleError('ERR_PICKLE_STACK', `${pops} values wanted, and ${this.#height} are on the stack`);
    }
    this.#height -= pops;
    while ((this.#marks.at(-1) ?? -1) >= this.#height) this.#marks.pop();
    if (opcode.name === 'MARK') {
      this.#marks.push(this.#height);
      this.#markOffsets.push(offset);
    }
    this.#height += opcode.stackAfter.length;
  }

  get #markOnTop(): boolean {
    return this.#marks.at(-1) === this.#height - 1;
  }

  #store(index: MemoIndex): PickleError | null {
    if (this.#memo.has(index)) return badMemo(`something is stored in the memo at ${index} already`);
    if (this.#height === 0) return badMemo('nothing is on the stack to store in the memo');
    if (this.#markOnTop) return badMemo('a mark cannot be stored in the memo');
    this.#memo.add(index);
    this.#keys.check(this.#memo, index);
    return null;
  }
}

function noMark(): PickleError {
  return new PickleError('ERR_PICKLE_MARK', 'there is no mark on the stack');
}

function badMemo(reason: string): PickleError {
  return new PickleError('ERR_PICKLE_MEMO', reason);
}
