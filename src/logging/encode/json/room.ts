// The members of one JSON object, and the bound on them all. Knows no record and no profile.

import { PickleError, PyFloat, toJSON } from '../../../pickle/index.ts';
import type { NameMembers } from './member-cache.ts';
import { escapeRest, quote } from './quote.ts';

/**
 * What a unit of other JSON counts, as writing it takes so much longer: 32 Mi of text took 0.1 s (Node 20), of lists in
 * lists 3 s.
 */
const WEIGHT = 16;

/** The longest text that is kept for the next record, in UTF-16 units. */
const LONGEST_NAME = 128;

/**
 * The room that one line has for what its sender chose. A pickle may hold one long text in a thousand places, so the
 * values of a line share a bound. Each may take half of what is left: one that is too large leaves room for the others,
 * and finding that out never costs more than the bound.
 *
 * Methods that take a key return a member with a comma in front, or nothing where there is no value. Keys come as they
 * stand in the line (`,"name":`): most are constants.
 */
export class Room {
  readonly #maxLength: number;
  readonly #names: NameMembers;
  #left: number;

  /**
   * @param maxLength UTF-16 units of text before it is escaped; one of any other JSON counts as 16
   * @param names the same for many lines
   */
  constructor(maxLength: number, names: NameMembers) {
    this.#maxLength = maxLength;
    this.#names = names;
    this.#left = maxLength;
  }

  /** A text, cut and ended by `…` where it finds no room. */
  text(key: string, value: string | null): string {
    return value === null ? '' : key + this.#quoted(value);
  }

  /** A text that records have in common, under a key that is a constant; otherwise as `text`. */
  name(key: string, value: string | null): string {
    if (value === null) return '';
    const { length } = value;
    if (length > LONGEST_NAME || length > this.#left / 2) return this.text(key, value);
    this.#left -= length;
    return this.#names.member(key, value, quote);
  }

  /** An int. */
  int(key: string, value: number | bigint | null): string {
    return value === null ? '' : key + this.json(value);
  }

  /** A float, as Python prints it. */
  float(key: string, value: number): string {
    return key + floatJSON(value);
  }

  /** Any decoded value. */
  value(key: string, value: unknown): string {
    return value === null ? '' : key + this.json(value);
  }

  /**
   * The JSON of a decoded value, as `toJSON` writes it; `{"$limit":…}` where it finds no room, and `{"$unknown":…}`
   * for one that no pickle decodes to, as an allow-list entry of the user's own may make.
   */
  json(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.#quoted(value);
      case 'boolean':
        return String(value);
      case 'number':
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatJSON(value);
      default:
        return value === null ? 'null' : this.#other(value);
    }
  }

  #quoted(text: string): string {
    const allowed = Math.floor(this.#left / 2);
    if (text.length <= allowed) {
      this.#left -= text.length;
      return quote(text);
    }
    this.#left -= allowed;
    return quote(`${text.slice(0, allowed).replace(/[\ud800-\udbff]$/, '')}…`);
  }

  #other(value: unknown): string {
    const allowed = Math.floor(this.#left / 2 / WEIGHT);
    try {
      const json = toJSON(value, { maxLength: allowed });
      this.#left -= json.length * WEIGHT;
      return escapeRest(json);
    } catch (error) {
      this.#left -= allowed * WEIGHT;
      return error instanceof PickleError
        ? `{"$limit":${this.#maxLength}}`
        : `{"$unknown":${quote(Object.prototype.toString.call(value))}}`;
    }
  }
}

/** `{…}` of members, of which each may be missing. Only the first loses its comma: V8 copies a text to cut it. */
export function objectOf(first: string, others: string): string {
  return first === '' ? `{${others.slice(1)}}` : `{${first.slice(1)}${others}}`;
}

/** The same under a key, or nothing where there are no members. */
export function objectMember(key: string, first: string, others = ''): string {
  return first === '' && others === '' ? '' : key + objectOf(first, others);
}

/** The JSON of a float. The text of most is the same in both languages; `toJSON` knows the others. */
export function floatJSON(value: number): string {
  const magnitude = Math.abs(value);
  const same = magnitude >= 1e-4 && magnitude < 1e16 && !Number.isInteger(value);
  return same ? String(value) : toJSON(new PyFloat(value));
}
