// A pickle machine that builds nothing: it follows names through stack and memo, and notes what is named and called.
// Where a real machine would stop at an error, it goes on, since a name that follows may still be read by another one.

import { readUint } from '../arguments.ts';
import type { PickleErrorCode } from '../errors.ts';
import type { MemoIndex } from '../memo.ts';
import { opcodeName } from '../opcodes.ts';
import { decodeLatin1 } from '../text.ts';
import { lenient, memoIndexOf, namedByAttribute, namedByExtension, namedByLines, namedByValues } from './names.ts';
import { type Plan, plans } from './plans.ts';
import type { Findings, NamedGlobal, Site } from './report.ts';
import { NO_ITEMS, ScanMemo, ScanStack } from './stack.ts';
import {
  type Attribute,
  attributeOf,
  type Items,
  Literal,
  LOST,
  LOST_ATTRIBUTE,
  Named,
  previewItems,
  previewOf,
  previewText,
  TOO_LONG,
  Tuple,
  UNKNOWN,
  type Value,
} from './values.ts';

/** Bounds on what a scan keeps. What goes beyond them is passed over, and the report says that it is truncated. */
export interface ScanLimits {
  /** Entries of each list of the report; globals that are allowed and those that are not count apart. Default 10,000. */
  readonly maxFindings: number;
  /** Bytes of a module or a name, and of any other value that is kept. Default 256; values of 8 are always kept. */
  readonly maxNameBytes: number;
  /** Values of the stack that are kept, and marks. Default 100,000. */
  readonly maxStack: number;
  /** Entries of the memo. Default 1,000,000. */
  readonly maxMemo: number;
}

/** What the machines of one scan share. */
export interface ScanContext {
  readonly findings: Findings;
  readonly extensions: ReadonlyMap<number, readonly [module: string, name: string]>;
  readonly limits: ScanLimits;
}

export class ScanMachine {
  /** Whole pickles so far; the one that is being read is the next. */
  pickles: number;
  /** Whether the next opcode is not the first of its pickle. */
  isInPickle = false;
  /** The stream offset after the first STOP inside a frame, and the pickles up to there; null while there was none. */
  stray: { readonly offset: number; readonly pickles: number } | null = null;
  readonly #context: ScanContext;
  readonly #heedsFrames: boolean;
  readonly #stack: ScanStack;
  readonly #memo: ScanMemo;
  /** Stream offset of the end of the frames so far. */
  #frameEnd = 0;
  /** The items of the tuple that was made last, which most calls are made with. */
  #lastTuple: Value | null = null;
  #lastItems: Items = NO_ITEMS;
  /** The opcode that is being executed. */
  #code = -1;
  #offset = 0;

  /** `pickles` of the stream come before. `heedsFrames` tells whether a pickle lasts to the end of the frame of its STOP. */
  constructor(context: ScanContext, pickles: number, heedsFrames: boolean) {
    this.#context = context;
    this.pickles = pickles;
    this.#heedsFrames = heedsFrames;
    this.#stack = new ScanStack(context.limits.maxStack, {
      problem: (code, message) => this.#problem(code, message),
      lost: () => this.#lose(),
    });
    this.#memo = new ScanMemo(context.limits.maxMemo);
  }

  /** Executes an opcode as an OpcodeHandler is given it; returns the offset of the next. */
  step(code: number, offset: number, bytes: Uint8Array, from: number, to: number, next: number): number {
    const stack = this.#stack;
    this.#code = code;
    this.#offset = offset;
    this.isInPickle = true;
    switch (code) {
      case 0x28: // MARK
        stack.mark();
        break;
      case 0x30: // POP
        stack.drop();
        break;
      case 0x32: // DUP
        stack.push(stack.top());
        break;
      case 0x67: // GET
      case 0x68: // BINGET
      case 0x6a: // LONG_BINGET
        stack.push(this.#load(this.#memoIndex(bytes, from, to)));
        break;
      case 0x70: // PUT
      case 0x71: // BINPUT
      case 0x72: // LONG_BINPUT
        this.#store(this.#memoIndex(bytes, from, to));
        break;
      case 0x94: // MEMOIZE
        this.#memoize();
        break;
      case 0x85: // TUPLE1
        this.#pushTuple(stack.take(1));
        break;
      case 0x86: // TUPLE2
        this.#pushTuple(stack.take(2));
        break;
      case 0x87: // TUPLE3
        this.#pushTuple(stack.take(3));
        break;
      case 0x74: // TUPLE
        this.#pushTuple(stack.takeToMark());
        break;
      case 0x63: // GLOBAL
        stack.push(this.#global(namedByLines(bytes, from, to)));
        break;
      case 0x93: // STACK_GLOBAL
        stack.push(this.#stackGlobal());
        break;
      case 0x82: // EXT1
      case 0x83: // EXT2
      case 0x84: // EXT4
        stack.push(this.#global(namedByExtension(readUint(bytes, from, to - from) | 0, this.#context.extensions)));
        break;
      case 0x69: // INST
        stack.push(this.#callItems(this.#global(namedByLines(bytes, from, to)), stack.takeToMark()));
        break;
      case 0x6f: {
        // OBJ
        const { values, cut } = stack.takeToMark();
        const [callee, ...args] = values;
        if (callee === undefined) this.#problem('ERR_PICKLE_STACK', 'no class above the mark');
        stack.push(this.#callItems(callee ?? UNKNOWN, { values: args, cut }));
        break;
      }
      case 0x92: // NEWOBJ_EX
        stack.pop();
        stack.push(this.#callTuple(stack.pop(), stack.pop()));
        break;
      case 0x52: // REDUCE
      case 0x81: // NEWOBJ
        stack.push(this.#callTuple(stack.pop(), stack.pop()));
        break;
      case 0x50: // PERSID
        this.#persistentId(from < 0 ? TOO_LONG.preview : previewText(lenient(bytes.subarray(from, to))));
        break;
      case 0x51: // BINPERSID
        this.#persistentId(previewOf(stack.pop()));
        break;
      case 0x95: // FRAME
        this.#frameEnd = Math.max(this.#frameEnd, next + readUint(bytes, from, 8));
        break;
      case 0x2e: // STOP
        return this.#stop(next);
      default:
        this.#other(bytes, from, to);
    }
    return next;
  }

  /** Where the machine is, for a finding or a problem. */
  get site(): Site {
    return { opcode: opcodeName(this.#code), offset: this.#offset, pickle: this.pickles };
  }

  #stop(next: number): number {
    this.#stack.top();
    let end = next;
    if (this.#heedsFrames && this.#frameEnd > next) {
      this.#problem('ERR_PICKLE_FRAME', 'a STOP inside its frame: what follows is scanned from there and from its end');
      this.stray ??= { offset: next, pickles: this.pickles + 1 };
      end = this.#frameEnd;
    }
    this.#stack.clear();
    this.#memo.clear();
    this.#lastTuple = null;
    this.#lastItems = NO_ITEMS;
    this.isInPickle = false;
    this.pickles++;
    return end;
  }

  /** Opcodes that neither name nor call anything, by what the table says that they take and leave. */
  #other(bytes: Uint8Array, from: number, to: number): void {
    const stack = this.#stack;
    const { literal, takesMark, pops, changesTarget, pushes } = plans[this.#code] as Plan;
    if (literal !== null) {
      stack.push(from < 0 ? TOO_LONG : new Literal(literal, bytes, from, to));
      return;
    }
    if (takesMark) stack.takeToMark();
    for (let i = 0; i < pops; i++) stack.pop();
    if (pushes !== null) stack.push(pushes);
    if (!changesTarget) return;
    const target = stack.top();
    if (target instanceof Named && target.finding !== null) target.finding.mutated = true;
  }

  #pushTuple(items: Items): void {
    this.#lastTuple = new Tuple(attributeOf(items));
    this.#lastItems = items;
    this.#stack.push(this.#lastTuple);
  }

  /** The index of a memo opcode. Null where it is too long to be kept; undefined, and a problem, where it is none. */
  #memoIndex(bytes: Uint8Array, from: number, to: number): MemoIndex | null | undefined {
    if (this.#code !== GET && this.#code !== PUT) return readUint(bytes, from, to - from);
    if (from < 0) return null;
    const index = memoIndexOf(decodeLatin1(bytes, from, to));
    if (index === undefined) this.#problem('ERR_PICKLE_MEMO', 'an index of the memo is none');
    return index;
  }

  #load(index: MemoIndex | null | undefined): Value {
    if (index === null) return LOST;
    if (index === undefined) return UNKNOWN;
    const value = this.#memo.load(index);
    if (value === undefined) this.#problem('ERR_PICKLE_MEMO', `nothing is stored in the memo at ${index}`);
    return value ?? UNKNOWN;
  }

  #store(index: MemoIndex | null | undefined): void {
    const value = this.#stack.top();
    // A mark is no value: what is missing has been noted as a problem.
    if (this.#stack.isEmpty || index === undefined) return;
    if (index === null) this.#memo.storeSomewhere();
    else this.#memo.store(index, value);
  }

  #memoize(): void {
    const value = this.#stack.top();
    if (!this.#stack.isEmpty) this.#memo.storeNext(value);
  }

  #stackGlobal(): Value {
    const name = this.#stack.pop();
    const module = this.#stack.pop();
    return this.#global(namedByValues(module, name));
  }

  #global(named: NamedGlobal): Named {
    return new Named(named.module, named.name, false, this.#context.findings.global(this.site, named));
  }

  #callTuple(args: Value, callee: Value): Value {
    const known = args instanceof Tuple ? args.attribute : null;
    return this.#call(callee, args === LOST ? LOST_ATTRIBUTE : known, () =>
      args === this.#lastTuple ? previewItems(this.#lastItems) : previewOf(args),
    );
  }

  #callItems(callee: Value, items: Items): Value {
    return this.#call(callee, attributeOf(items), () => previewItems(items));
  }

  /** Notes a call and returns what is known of its result. */
  #call(callee: Value, attribute: Attribute | null, preview: () => string): Value {
    if (callee === LOST) this.#lose();
    if (!(callee instanceof Named)) return UNKNOWN;
    const { module, name, finding } = callee;
    if (!callee.isResult && finding !== null) {
      finding.called = true;
      finding.argumentPreview ??= preview();
    }
    if (name === 'getattr' && BUILTINS.has(module)) {
      return this.#global(namedByAttribute(attribute, this.#context.limits.maxNameBytes));
    }
    return new Named(module, name, true, finding);
  }

  #persistentId(preview: string): void {
    this.#context.findings.persistentId(this.site, preview);
    this.#stack.push(UNKNOWN);
  }

  #problem(code: PickleErrorCode, message: string): void {
    this.#context.findings.problem(this.site, code, message);
  }

  #lose(): void {
    this.#context.findings.truncated = true;
  }
}

const GET = 0x67;
const PUT = 0x70;
const BUILTINS: ReadonlySet<string | null> = new Set(['builtins', '__builtin__']);
