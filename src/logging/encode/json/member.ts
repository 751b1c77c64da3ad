// The members of a profile's objects: the table that a JSON format is. A row says under which key stands what of an event.

import { type FieldName, isFloatSlot, isRecordField, SLOTS, slotOf } from '../../event/field-table.ts';
import type { LogEvent } from '../../event/log-event.ts';
import { type Literal, literalOf } from '../literal.ts';
import type { RaisedException } from './traceback.ts';

/** What a row makes a value of, besides the fields of the event. */
export interface MemberSource {
  readonly event: LogEvent;
  /** The formatted message. */
  readonly message: string;
  /** What the traceback of the event ends in, or null. */
  readonly raised: RaisedException | null;
  /** Its time as `2020-03-20T18:11:37.895Z`; null for a time that no calendar here has. */
  readonly isoTime: string | null;
}

/** What stands in a row. Numbers, so that a line is written by a table of jumps. */
export const MEMBER = {
  /** A field, as it is. */
  field: 0,
  /** The formatted message. */
  message: 1,
  /** Any value that is made of the event. */
  made: 2,
  /** The same, of an event whose message is not its `msg` as it came; others have no such member. */
  unusual: 3,
  /** The same in every line. */
  constant: 4,
  /** An object of members. */
  object: 5,
  /** The event's extras, under names that are free. */
  extras: 6,
  /** A text that is joined of fields and what stands between them. */
  joined: 7,
} as const;

/** Which names the extras of a profile may not have. */
export interface ExtraNames {
  /** Whether the profile uses a name itself, in the line of an event. */
  taken(name: string, event: LogEvent): boolean;
  /** Whether the profile has written an extra elsewhere. */
  written(name: string, value: unknown): boolean;
}

/** One row. Values that are None are left out, and so is an object without members. All rows have one hidden class. */
export class Member {
  readonly kind: number;
  /** The key as it stands in a line, behind a comma: the first of an object has a brace for it. */
  readonly key: Literal;
  readonly slot: number = -1;
  readonly isFloat: boolean = false;
  readonly make: (source: MemberSource) => unknown = () => null;
  readonly members: readonly Member[] = [];
  /** Slots of fields, and texts. */
  readonly parts: readonly (number | Literal)[] = [];
  /** Whether an empty text is left out, as None is. */
  readonly skipsEmpty: boolean = false;
  readonly names: ExtraNames = { taken: () => false, written: () => false };

  constructor(kind: number, key: string, rest: Partial<Member> = {}) {
    this.kind = kind;
    this.key = literalOf(key);
    Object.assign(this, rest);
  }
}

function keyOf(name: string): string {
  return `,${JSON.stringify(name)}:`;
}

export function field(name: string, from: FieldName): Member {
  const slot = SLOTS[from];
  return new Member(MEMBER.field, keyOf(name), { slot, isFloat: isFloatSlot(slot) });
}

export function message(name: string): Member {
  return new Member(MEMBER.message, keyOf(name));
}

/** A value that is made of fields; null leaves it out. */
export function made(name: string, make: (source: MemberSource) => unknown): Member {
  return new Member(MEMBER.made, keyOf(name), { make });
}

/** As `made`, of an event only whose message is not its `msg` as it came. */
export function unusual(name: string, make: (source: MemberSource) => unknown): Member {
  return new Member(MEMBER.unusual, keyOf(name), { make });
}

/**
 * A text that is joined of fields and of what stands between them.
 * @param parts names of fields that are text or ints, and texts that are no names of fields
 * @param make the text where some field is of another kind; null leaves it out
 */
export function joined(name: string, parts: readonly string[], make: (source: MemberSource) => unknown): Member {
  const bytes = parts.map((part) => (isRecordField(part) ? slotOf(part) : literalOf(part)));
  return new Member(MEMBER.joined, keyOf(name), { parts: bytes, make });
}

/** @param json the value */
export function constant(name: string, json: string): Member {
  return new Member(MEMBER.constant, `${keyOf(name)}${json}`);
}

export function object(name: string, ...members: Member[]): Member {
  return new Member(MEMBER.object, keyOf(name), { members });
}

export function extras(taken: ExtraNames['taken'], written: ExtraNames['written'] = () => false): Member {
  return new Member(MEMBER.extras, '', { names: { taken, written } });
}

/** The class, the text and the whole of the exception of an event that has a traceback. */
export function exception(type: string, text: string, traceback: string): Member[] {
  return [
    made(type, ({ raised }) => raised?.type ?? null),
    made(text, ({ raised }) => raised?.message ?? null),
    new Member(MEMBER.field, keyOf(traceback), { slot: SLOTS.exc_text, skipsEmpty: true }),
  ];
}
