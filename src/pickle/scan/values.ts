// What a scan remembers of the values on a pickle's stack: enough to know a name, a callee and how arguments look.

import { argumentText } from '../disassemble/arguments.ts';
import { PickleError } from '../errors.ts';
import type { ArgumentKind } from '../opcodes.ts';
import { Output } from '../repr/output.ts';
import { escapedName, writeText } from '../repr/text.ts';
import { decodeLatin1, encodeLatin1 } from '../text.ts';
import type { OpenFinding } from './report.ts';

/** A str, bytes or a number, as the bytes of its argument (one character each): most are never looked at. */
export class Literal {
  readonly kind: ArgumentKind;
  readonly raw: string;

  constructor(kind: ArgumentKind, bytes: Uint8Array, from: number, to: number) {
    this.kind = kind;
    this.raw = decodeLatin1(bytes, from, to);
  }

  get bytes(): Uint8Array {
    return encodeLatin1(this.raw) as Uint8Array;
  }
}

/** A global, or what a call of one returned. */
export class Named {
  readonly module: string | null;
  readonly name: string | null;
  readonly isResult: boolean;
  /** Null where the report had no room for it. */
  readonly finding: OpenFinding | null;

  constructor(module: string | null, name: string | null, isResult: boolean, finding: OpenFinding | null) {
    this.module = module;
    this.name = name;
    this.isResult = isResult;
    this.finding = finding;
  }
}

/** A tuple. Of its items only these are remembered: a global and a str, which `getattr` would make another global of. */
export class Tuple {
  readonly attribute: Attribute | null;

  constructor(attribute: Attribute | null) {
    this.attribute = attribute;
  }
}

export interface Attribute {
  /** LOST where a limit left no room for it. */
  readonly owner: Named | Other;
  readonly name: Literal | Other;
}

/** Any other value, of which only the look is known. */
export class Other {
  readonly preview: string;

  constructor(preview: string) {
    this.preview = preview;
  }
}

export type Value = Literal | Named | Tuple | Other;

export const UNKNOWN: Other = new Other('…');
/** A value that no limit left room for, so that it could be anything. */
export const LOST: Other = new Other('…');
/** A literal that was not kept for its length. */
export const TOO_LONG: Other = new Other('…');
/** What a tuple that was lost may have begun with. */
export const LOST_ATTRIBUTE: Attribute = { owner: LOST, name: LOST };

/** The first items of a tuple or of a call's arguments. */
export interface Items {
  readonly values: readonly Value[];
  /** Whether there are more. */
  readonly cut: boolean;
}

/** As many as a preview has room for. */
export const MOST_ITEMS = 27;

/** A global and a str, if that is what the items begin with: `getattr` takes a default for its third. */
export function attributeOf({ values }: Items): Attribute | null {
  const [owner, name] = values;
  if (owner !== LOST && (!(owner instanceof Named) || owner.isResult)) return null;
  // Not every value: a tuple would keep another one, which may keep a third.
  if (!(name instanceof Literal || name instanceof Other)) return null;
  return { owner, name };
}

/** A value as Python shows it, in at most 80 characters; `…` stands for what is not known or has no room. */
export function previewOf(value: Value): string {
  if (value instanceof Other) return value.preview;
  if (value instanceof Tuple) return '(…)';
  if (value instanceof Named) {
    const name = escapedName(`${value.module ?? '…'}.${value.name ?? '…'}`);
    return cutAt(MOST_CHARACTERS, value.isResult ? `${name}(…)` : name);
  }
  const { bytes } = value;
  try {
    return cutAt(MOST_CHARACTERS, argumentText(value.kind, bytes, 0, bytes.length));
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    return UNKNOWN.preview;
  }
}

/** Arguments as Python shows a tuple of them, in at most 80 characters. */
export function previewItems({ values, cut }: Items): string {
  const texts: string[] = [];
  let length = 0;
  for (const value of values) {
    if (length > MOST_CHARACTERS) break;
    const text = previewOf(value);
    texts.push(text);
    length += text.length + 2;
  }
  if (cut) texts.push('…');
  const comma = texts.length === 1 ? ',' : '';
  return cutAt(MOST_CHARACTERS, `(${texts.join(', ')}${comma})`);
}

/** The same of a text that stands for itself. */
export function previewText(text: string): string {
  const out = new Output(MOST_CHARACTERS);
  writeText(out, text);
  return out.end();
}

function cutAt(most: number, text: string): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

const MOST_CHARACTERS = 80;
