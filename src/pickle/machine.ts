// The pickle machine: a stack, marks and a memo, and the opcodes that make up nearly all of a pickle. It decodes from
// one contiguous piece of bytes and can stop between any two opcodes to wait for more. Rare opcodes are in execute.ts,
// and what the two share is in machine-state.ts. `run` is one function so that the height of the stack, its fence and
// the end of what may be read are local variables, which stay in registers from opcode to opcode: a function for each
// opcode would read and write them as fields every time, and a call would cost more than most opcodes do.

import { type ArgumentSpan, locateArgument } from './arguments.ts';
import { limitReached, located, stackEmpty } from './errors.ts';
import { execute } from './execute.ts';
import { MachineState } from './machine-state.ts';
import { withPlainDicts } from './plain-dicts.ts';
import { LINE } from './read-window.ts';
import { readPlainInt } from './text-arguments.ts';
import { PyTuple } from './values/index.ts';
import { nestsDeeperThan } from './values/structure.ts';

export class Machine extends MachineState {
  /** Where the next `run` goes on, as an index into the bytes that the last one was given. */
  position = 0;
  /** After `run` returned false: how many bytes from `position` on it takes to go on. */
  wanted = 0;
  /** Whether they are the most that a line may have: then a newline among them is enough as well. */
  inLine = false;

  readonly #span: ArgumentSpan = { from: 0, to: 0, next: 0, wanted: 0 };
  #value: unknown = undefined;
  /** Whether nothing is left of an earlier pickle: not so after one that failed. */
  #clean = true;
  readonly #double = new DataView(new ArrayBuffer(8));

  /** The value of the pickle, once `run` has returned true. The machine forgets it, and all else of that pickle. */
  takeValue(): unknown {
    const value = this.#value;
    this.#forget();
    this.#clean = true;
    return value;
  }

  /** Starts a pickle whose first byte has this offset in its stream. */
  begin(offset: number): void {
    if (!this.#clean) this.#forget();
    this.#clean = false;
    this.extent.begin(offset);
  }

  #forget(): void {
    this.#value = undefined;
    this.clear();
  }

  /**
   * Decodes from `bytes[start]` up to `limit`, where `bytes[0]` has the stream offset `base`. True when STOP was
   * reached: `takeValue` and `position` say what came of it. False when bytes are wanted: see `wanted`. Throws PickleError.
   */
  run(bytes: Uint8Array, start: number, limit: number, base: number): boolean {
    const { stack, memo, instances, extent } = this;
    const { maxStack } = this.limits;
    let sp = this.sp;
    let fence = this.fence;
    let end = extent.readable(limit, base);
    let at = start;
    let marked = 0;
    let pushed: unknown;
    try {
      for (let p = start; ; ) {
        if (sp > maxStack) throw limitReached('maxStack', maxStack, 'values on the stack');
        at = p;
        // A case that lacks argument bytes leaves the switch with what it wants, and from where on.
        let from = p;
        let wanted = 1;
        if (p < end) {
          const opcode = bytes[p++] as number;
          switch (opcode) {
            case 0x58: // BINUNICODE
              from = p;
              wanted = 4;
              if (end - p < 4) break;
              from = p + 4;
              wanted = uint4(bytes, p);
              if (end - from < wanted) break;
              p = from + wanted;
              stack[sp++] = this.strings.read(bytes, from, p);
              continue;
            case 0x8c: // SHORT_BINUNICODE
            case 0x55: // SHORT_BINSTRING
              from = p;
              wanted = 1;
              if (p >= end) break;
              from = p + 1;
              wanted = bytes[p] as number;
              if (end - from < wanted) break;
              p = from + wanted;
              stack[sp] = opcode === 0x8c ? this.strings.read(bytes, from, p) : this.readStr(bytes, from, p, sp);
              sp++;
              continue;
            case 0x71: // BINPUT
              from = p;
              if (p >= end) break;
              if (sp <= fence) throw stackEmpty();
              memo.set(bytes[p++] as number, stack[sp - 1]);
              continue;
            case 0x72: // LONG_BINPUT
              from = p;
              wanted = 4;
              if (end - p < 4) break;
              if (sp <= fence) throw stackEmpty();
              memo.set(uint4(bytes, p), stack[sp - 1]);
              p += 4;
              continue;
            case 0x94: // MEMOIZE
              if (sp <= fence) throw stackEmpty();
              memo.set(memo.size, stack[sp - 1]);
              continue;
            case 0x68: // BINGET
              from = p;
              if (p >= end) break;
              stack[sp++] = memo.get(bytes[p++] as number);
              continue;
            case 0x6a: // LONG_BINGET
              from = p;
              wanted = 4;
              if (end - p < 4) break;
              stack[sp++] = memo.get(uint4(bytes, p));
              p += 4;
              continue;
            case 0x4e: // NONE
              stack[sp++] = null;
              continue;
            case 0x88: // NEWTRUE
              stack[sp++] = true;
              continue;
            case 0x89: // NEWFALSE
              stack[sp++] = false;
              continue;
            case 0x4b: // BININT1
              from = p;
              if (p >= end) break;
              stack[sp++] = bytes[p++];
              continue;
            case 0x4d: // BININT2
              from = p;
              wanted = 2;
              if (end - p < 2) break;
              stack[sp++] = (bytes[p] as number) | ((bytes[p + 1] as number) << 8);
              p += 2;
              continue;
            case 0x4a: // BININT
              from = p;
              wanted = 4;
              if (end - p < 4) break;
              stack[sp++] = uint4(bytes, p) | 0;
              p += 4;
              continue;
            case 0x47: // BINFLOAT
              from = p;
              wanted = 8;
              if (end - p < 8) break;
              stack[sp++] = this.float(this.#float8(bytes, p));
              p += 8;
              continue;
            case 0x28: // MARK
              if (this.marks.length >= maxStack) throw limitReached('maxStack', maxStack, 'marks');
              this.marks.push(sp);
              fence = sp;
              continue;
            case 0x7d: // EMPTY_DICT
              stack[sp++] = instances.made(new Map());
              continue;
            case 0x73: // SETITEM
              if (sp - fence < 3) throw stackEmpty();
              sp -= 2;
              instances.setItems(stack[sp - 1], stack, sp, sp + 2);
              continue;
            case 0x75: // SETITEMS
              marked = this.popMark();
              fence = this.fence;
              if (marked <= fence) throw stackEmpty();
              instances.setItems(stack[marked - 1], stack, marked, sp);
              sp = marked;
              continue;
            case 0x5d: // EMPTY_LIST
              stack[sp++] = instances.made([]);
              continue;
            case 0x61: // APPEND
              if (sp - fence < 2) throw stackEmpty();
              sp -= 1;
              instances.append(stack[sp - 1], stack, sp, sp + 1);
              continue;
            case 0x65: // APPENDS
              marked = this.popMark();
              fence = this.fence;
              if (marked <= fence) throw stackEmpty();
              instances.append(stack[marked - 1], stack, marked, sp);
              sp = marked;
              continue;
            case 0x29: // EMPTY_TUPLE
              stack[sp++] = instances.made(PyTuple.of());
              continue;
            case 0x74: // TUPLE
              marked = this.popMark();
              fence = this.fence;
              stack[marked] = instances.made(PyTuple.adopt(stack.slice(marked, sp)));
              sp = marked + 1;
              continue;
            case 0x85: // TUPLE1
              if (sp - fence < 1) throw stackEmpty();
              stack[sp - 1] = instances.made(PyTuple.of(stack[sp - 1]));
              continue;
            case 0x86: // TUPLE2
              if (sp - fence < 2) throw stackEmpty();
              sp -= 1;
              stack[sp - 1] = instances.made(PyTuple.of(stack[sp - 1], stack[sp]));
              continue;
            case 0x87: // TUPLE3
              if (sp - fence < 3) throw stackEmpty();
              sp -= 2;
              stack[sp - 1] = instances.made(PyTuple.of(stack[sp - 1], stack[sp], stack[sp + 1]));
              continue;
            case 0x2e: // STOP
              if (sp <= fence) throw stackEmpty();
              if (!this.#stop(stack[sp - 1], p, limit, base)) {
                from = p;
                wanted = extent.stopEnd(base + p) - base - p;
                break;
              }
              return true;
            default:
              if (opcode === 0x4c || opcode === 0x49) {
                // LONG and INT are a few digits nearly always.
                const int = readPlainInt(opcode, bytes, p, Math.min(end, p + this.limits.maxLineBytes + 1), this.#span);
                if (int >= 0) {
                  stack[sp++] = int;
                  p = this.#span.next;
                  continue;
                }
              }
              if (!locateArgument(opcode, bytes, p, end, this.limits.maxLineBytes, this.#span)) {
                from = this.#span.from;
                wanted = this.#span.wanted;
                break;
              }
              this.sp = sp;
              this.fence = fence;
              p = this.#span.next;
              instances.bytesRead = base + p - extent.start;
              pushed = execute(this, opcode, bytes, this.#span.from, this.#span.to, base + p);
              sp = this.sp;
              if (pushed !== undefined) stack[sp++] = pushed;
              fence = this.fence;
              end = extent.readable(limit, base);
              continue;
          }
        }
        if (!extent.leaveFrame(base + from, base + end, wanted)) {
          this.sp = sp;
          this.fence = fence;
          this.position = at;
          this.inLine = wanted === LINE;
          // A line that reaches this far without its newline is too long for its limit, its frame or its pickle.
          this.wanted = (this.inLine ? extent.readable(from + this.limits.maxLineBytes + 1, base) : from + wanted) - at;
          return false;
        }
        end = extent.readable(limit, base);
        p = at;
      }
    } catch (error) {
      // What lies beyond the pickle's allowance was not read, whether it is there or not.
      throw located(error, base + at, at < extent.readable(limit, base) ? (bytes[at] as number) : -1);
    }
  }

  /** Takes the value, unless bytes of the frame that STOP stands in have yet to come: the next pickle begins after it. */
  #stop(value: unknown, next: number, limit: number, base: number): boolean {
    const end = this.extent.stopEnd(base + next) - base;
    if (end > limit) return false;
    this.instances.finish();
    const { maxDepth } = this.limits;
    // Containers nest no deeper than there are containers, so most pickles need no walk.
    // Stryker disable next-line ConditionalExpression,EqualityOperator: the walk finds the same
    if (this.instances.count > maxDepth && nestsDeeperThan(value, maxDepth)) {
      throw limitReached('maxDepth', maxDepth, 'levels of containers');
    }
    this.#value = this.options.dicts === 'object' ? withPlainDicts(value, this.instances) : value;
    this.position = end;
    return true;
  }

  #float8(bytes: Uint8Array, start: number): number {
    this.#double.setUint32(0, uint4(bytes, start), true);
    this.#double.setUint32(4, uint4(bytes, start + 4), true);
    return this.#double.getFloat64(0);
  }
}

function uint4(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
  return low + (bytes[at + 3] as number) * 0x1000000;
}
