// The room that one line of JSON has for what its sender chose, and how a value is cut that finds none.

import { PickleError, toJSON } from '../../../pickle/index.ts';
import { floatJSON } from './float-json.ts';
import { escapeRest, quote } from './quote.ts';

/**
 * What a unit of other JSON counts, as writing it takes so much longer: 32 Mi of text took 0.1 s (Node 20), of lists in
 * lists 3 s.
 */
const VALUE_UNIT_WEIGHT = 16;

/**
 * The values of a line share a bound, as a pickle may hold one long text in a thousand places. Each may take half of what is
 * left: one that is too large leaves room for the others, and finding that out never costs more than the bound.
 */
export class SizeBudget {
  readonly #maxLength: number;
  #left: number;

  /** @param maxLength UTF-16 units of text before it is escaped; one of any other JSON counts as 16 */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
    this.#left = maxLength;
  }

  /** Begins the next line. */
  reset(): void {
    this.#left = this.#maxLength;
  }

  /** A text; cut and ended by `…` where it finds no room. */
  text(text: string): string {
    const allowed = Math.floor(this.#left / 2);
    if (text.length <= allowed) {
      this.#left -= text.length;
      return text;
    }
    this.#left -= allowed;
    return `${text.slice(0, allowed).replace(/[\ud800-\udbff]$/, '')}…`;
  }

  /**
   * The JSON of a decoded value, as `toJSON` writes it; `{"$limit":…}` where it finds no room, and `{"$unknown":…}`
   * for one that no pickle decodes to, as an allow-list entry of the user's own may make.
   */
  json(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return quote(this.text(value));
      case 'boolean':
        return String(value);
      case 'number':
        return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatJSON(value);
      default:
        return value === null ? 'null' : this.#other(value);
    }
  }

  #other(value: unknown): string {
    const allowed = Math.floor(this.#left / 2 / VALUE_UNIT_WEIGHT);
    try {
      const json = toJSON(value, { maxLength: allowed });
      this.#left -= json.length * VALUE_UNIT_WEIGHT;
      return escapeRest(json);
    } catch (error) {
      this.#left -= allowed * VALUE_UNIT_WEIGHT;
      return error instanceof PickleError
        ? `{"$limit":${this.#maxLength}}`
        : `{"$unknown":${quote(Object.prototype.toString.call(value))}}`;
    }
  }
}
