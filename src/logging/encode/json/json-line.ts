// Writes an event as one JSON object, row by row of a profile: fields that are bytes in a frame as they are, all else by
// its value, within the line's budget.

import { FIELD_COUNT, SLOTS } from '../../event/field-table.ts';
import { type FrameFields, type LogEvent, NUMBER, TEXT, VALUE } from '../../event/log-event.ts';
import type { LineBuffer } from '../line-buffer.ts';
import { type Literal, literalOf } from '../literal.ts';
import type { ExtraNames, Member, MemberSource } from './member.ts';
import { quote } from './quote.ts';
import type { SizeBudget } from './size-budget.ts';
import { IsoClock } from './timestamps.ts';
import { type RaisedException, raisedException } from './traceback.ts';

const COMMA_LITERAL = literalOf(',');
const PAIRS = literalOf(',"$dict":[');
const PAIRS_END = literalOf(']');
const PAIR = literalOf('[');
const EMPTY = literalOf('{}');
const END = literalOf('}');
const OPENING_BRACE = 0x7b;

const { message: MESSAGE, exc_text: EXC_TEXT } = SLOTS;

/** How many names of extras are kept as they stand in a line. */
const NAMES_MAX = 1024;

/** One line at a time; a row makes its values of it. */
export class JsonLine implements MemberSource {
  event!: LogEvent;
  message = '';
  readonly #budget: SizeBudget;
  readonly #names: Map<string, Literal> = new Map();
  readonly #clock: IsoClock = new IsoClock();
  /** What the traceback of this event ends in; undefined where that was not asked for yet. */
  #raised: RaisedException | null | undefined;

  constructor(budget: SizeBudget) {
    this.#budget = budget;
  }

  get isoTime(): string | null {
    return this.#clock.format(this.event.created);
  }

  get raised(): RaisedException | null {
    if (this.#raised === undefined) {
      const text = this.event.value(EXC_TEXT);
      this.#raised = typeof text === 'string' && text !== '' ? raisedException(text) : null;
    }
    return this.#raised;
  }

  /**
   * Writes the members of an object, and what stands around them.
   * @param message the formatted message of the event; null where it is the frame's, in the slot of `message`
   */
  write(members: readonly Member[], event: LogEvent, message: string | null, line: LineBuffer): void {
    this.event = event;
    this.message = message ?? '';
    this.#raised = undefined;
    const place = line.length;
    this.#members(members, event.frame, message, line);
    if (line.length === place) line.literal(EMPTY);
    else this.#close(place, line);
  }

  /** The first member has a brace for its comma. */
  #close(place: number, line: LineBuffer): void {
    line.patch(place, OPENING_BRACE);
    line.literal(END);
  }

  /** @param message null where it is the frame's */
  #members(members: readonly Member[], frame: FrameFields | null, message: string | null, line: LineBuffer): void {
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as Member;
      switch (member.kind) {
        case 0: // field
          this.#field(member, frame, line);
          break;
        case 1: // message
          line.literal(member.key);
          if (message === null) line.quotedText(frame as FrameFields, MESSAGE);
          else line.quoted(this.#budget.text(message));
          break;
        case 2: // made
          this.#value(member.key, member.make(this), line);
          break;
        case 3: // unusual
          if (message !== null) this.#value(member.key, member.make(this), line);
          break;
        case 4: // constant
          line.literal(member.key);
          break;
        case 5: // object
          this.#object(member, frame, message, line);
          break;
        case 6: // extras
          if (frame === null) this.#recordExtras(member.names, line);
          else if (frame.extraCount > 0) this.#frameExtras(member.names, frame, line);
          break;
        default: // joined
          if (frame === null || !this.#joined(member, frame, line)) this.#value(member.key, member.make(this), line);
      }
    }
  }

  #object({ key, members }: Member, frame: FrameFields | null, message: string | null, line: LineBuffer): void {
    const before = line.length;
    line.literal(key);
    const place = line.length;
    this.#members(members, frame, message, line);
    if (line.length === place) line.truncate(before);
    else this.#close(place, line);
  }

  /** Whether the fields are such that they are joined as bytes. */
  #joined({ key, parts }: Member, frame: FrameFields, line: LineBuffer): boolean {
    for (const part of parts) {
      if (typeof part !== 'number') continue;
      const kind = frame.kinds[part];
      if (kind !== NUMBER && (kind !== TEXT || frame.lengths[part] === 0)) return false;
    }
    line.literal(key);
    line.quote();
    for (const part of parts) {
      if (typeof part !== 'number') line.literal(part);
      else if (frame.kinds[part] === TEXT) line.escapedText(frame, part);
      else line.int(frame.numbers[part] as number);
    }
    line.quote();
    return true;
  }

  #field({ key, slot, isFloat, skipsEmpty }: Member, frame: FrameFields | null, line: LineBuffer): void {
    const kind = frame === null ? VALUE : (frame.kinds[slot] as number);
    if (kind === TEXT) {
      if (skipsEmpty && (frame as FrameFields).lengths[slot] === 0) return;
      line.literal(key);
      line.quotedText(frame as FrameFields, slot);
    } else if (kind === NUMBER) {
      line.literal(key);
      const number = (frame as FrameFields).numbers[slot] as number;
      if (isFloat) line.float(number);
      else line.int(number);
    } else {
      const value = this.event.value(slot);
      if (!isFloat) {
        if (!skipsEmpty || value !== '') this.#value(key, value, line);
        return;
      }
      line.literal(key);
      line.float(value as number);
    }
  }

  #value(key: Literal, value: unknown, line: LineBuffer): void {
    if (value === null || value === undefined) return;
    line.literal(key);
    this.#json(value, line);
  }

  #json(value: unknown, line: LineBuffer): void {
    if (typeof value === 'string') line.quoted(this.#budget.text(value));
    else if (typeof value === 'number' && value > 0 && Number.isSafeInteger(value)) line.int(value);
    else line.string(this.#budget.json(value));
  }

  /**
   * Extras as members. Whatever their names are, no two members of an object get the same:
   *
   * - a name that the profile uses itself gets `_` behind it, as often as it must;
   * - one that begins with `$` gets another `$` in front, as keys do in `toJSON`;
   * - keys that are no text stand together under `$dict`, as pairs of key and value.
   */
  #recordExtras(names: ExtraNames, line: LineBuffer): void {
    const { extras } = this.event.record();
    let pairs = 0;
    for (const [key, value] of extras) {
      if (typeof key !== 'string') pairs++;
      else if (!names.written(key, value)) {
        line.literal(this.#nameOf(key, names, (name) => extras.has(name)));
        this.#json(value, line);
      }
    }
    if (pairs === 0) return;
    line.literal(PAIRS);
    for (const [key, value] of extras) {
      if (typeof key === 'string') continue;
      line.literal(PAIR);
      this.#json(key, line);
      line.literal(COMMA_LITERAL);
      this.#json(value, line);
      line.literal(PAIRS_END);
      if (--pairs > 0) line.literal(COMMA_LITERAL);
    }
    line.literal(PAIRS_END);
  }

  /** As `#recordExtras`: in a frame, names are text, and values text, numbers, bools or None. */
  #frameExtras(names: ExtraNames, frame: FrameFields, line: LineBuffer): void {
    const end = FIELD_COUNT + frame.extraCount;
    for (let slot = FIELD_COUNT; slot < end; slot++) {
      const name = frame.extras[slot - FIELD_COUNT] as string;
      const isText = frame.kinds[slot] === TEXT;
      if (names.written(name, isText ? frame.text(slot) : frame.values[slot])) continue;
      line.literal(this.#nameOf(name, names, (other) => this.event.get(other) !== undefined));
      if (isText) line.quotedText(frame, slot);
      else this.#json(frame.values[slot], line);
    }
  }

  #nameOf(name: string, { taken }: ExtraNames, isExtra: (name: string) => boolean): Literal {
    let free = name;
    if (name.startsWith('$')) free = `$${name}`;
    else if (taken(name, this.event)) {
      do free += '_';
      while (taken(free, this.event) || isExtra(free));
    }
    let literal = this.#names.get(free);
    if (literal === undefined) {
      if (this.#names.size === NAMES_MAX) this.#names.clear();
      literal = literalOf(`,${quote(free)}:`);
      this.#names.set(free, literal);
    }
    return literal;
  }
}
