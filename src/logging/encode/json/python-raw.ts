// The profile `python` of records that are not decoded. What it writes is what `python.ts` makes of the record. Knows no
// other profile.

import { toJSON } from '../../../pickle/index.ts';
import {
  CONTENTS,
  FIRST_EXTRA,
  type Literal,
  literalOf,
  type RawLine,
  type RawRecord,
  SLOTS,
} from '../../event/raw-record.ts';
import { quote } from './quote.ts';
import { floatJSON } from './room.ts';

/** A member of the line, and what it is made of. */
interface Member {
  /** `,"name":` */
  readonly key: Literal;
  readonly slot: number;
  readonly isFloat: boolean;
  /** Whether the record has None where nothing is said of it: then there is no such member. */
  readonly mayMiss: boolean;
}

/** In the order of `python.ts`. The first of them has a brace for its comma; `msg` is the message here. */
const MEMBERS: readonly Member[] = (
  [
    ['created', 'float'],
    ['levelname', 'required'],
    ['levelno', 'optional'],
    ['name', 'optional'],
    ['message', 'required'],
    ['pathname', 'required'],
    ['filename', 'required'],
    ['module', 'required'],
    ['lineno', 'required'],
    ['funcName', 'optional'],
    ['relativeCreated', 'float'],
    ['process', 'optional'],
    ['processName', 'optional'],
    ['thread', 'optional'],
    ['threadName', 'optional'],
    ['taskName', 'optional'],
    ['exc_text', 'optional'],
    ['stack_info', 'optional'],
  ] as const
).map(([name, kind], i) => ({
  key: literalOf(`${i === 0 ? '{' : ','}"${name}":`),
  slot: name === 'message' ? SLOTS.msg : SLOTS[name],
  isFloat: kind === 'float',
  mayMiss: kind === 'optional',
}));

const END = literalOf('}');

/** How many names of extras are kept as they stand in a line. */
const MOST_NAMES = 1024;

/** Names of extras, between a comma and a colon; kept from line to line. */
export class RawNames {
  readonly #names: Map<string, Literal> = new Map();

  member(name: string): Literal {
    let literal = this.#names.get(name);
    if (literal === undefined) {
      if (this.#names.size === MOST_NAMES) this.#names.clear();
      // As in `extraMembers`; no field's name is that of an extra here.
      literal = literalOf(`,${quote(name.startsWith('$') ? `$${name}` : name)}:`);
      this.#names.set(name, literal);
    }
    return literal;
  }
}

/** The line, or false. The record's message is the text of `msg`. */
export function writePythonLine(raw: RawRecord, line: RawLine, names: RawNames): boolean {
  for (let i = 0; i < MEMBERS.length; i++) {
    const { key, slot, isFloat, mayMiss } = MEMBERS[i] as Member;
    if (raw.contents[slot] === CONTENTS.nothing) {
      if (!mayMiss) return false;
    } else if (!line.literal(key) || !writeValue(raw, line, slot, isFloat)) {
      return false;
    }
  }
  for (let i = 0; i < raw.extraCount; i++) {
    if (!line.literal(names.member(raw.extras[i] as string))) return false;
    if (!writeValue(raw, line, FIRST_EXTRA + i, false)) return false;
  }
  return line.literal(END);
}

function writeValue(raw: RawRecord, line: RawLine, slot: number, isFloat: boolean): boolean {
  switch (raw.contents[slot]) {
    case CONTENTS.text:
      return line.quoted(raw, slot);
    case CONTENTS.number: {
      const number = raw.numbers[slot] as number;
      return isFloat ? line.float(number) : line.int(number);
    }
    default:
      return line.string(valueJSON(raw.values[slot]));
  }
}

/** None, a bool, a number or a text. */
function valueJSON(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' && !Number.isInteger(value) ? floatJSON(value) : toJSON(value);
}
