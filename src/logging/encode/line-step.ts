// One part of a format as it is written into lines: literal text, or a field of an event. The same step writes fields that
// are bytes in a frame, without making text of them, and any other value as the text that the format makes of it.

import { isFloatSlot, slotOf } from '../event/field-table.ts';
import { type FrameFields, NUMBER, TEXT } from '../event/log-event.ts';
import type { FormatPart, PlainLayout } from '../text/field-part.ts';
import type { Lookup } from '../text/lookup.ts';
import type { LineBuffer } from './line-buffer.ts';
import { type Literal, literalOf } from './literal.ts';

/** Wider columns are laid out as text, which has a bound of its own. */
const PLAIN_COLUMNS_MAX = 255;

export class LineStep {
  readonly #part: FormatPart;
  readonly #literal: Literal | null;
  /** The slot of a field that may be shown plainly; −1 for all else. */
  readonly #slot: number;
  readonly #layout: PlainLayout | null;
  readonly #isFloat: boolean;

  /** @param part without lone surrogates where it is literal text */
  constructor(part: FormatPart) {
    this.#part = part;
    this.#literal = typeof part === 'string' ? literalOf(part) : null;
    const layout = typeof part === 'string' ? null : part.layout;
    this.#layout = layout !== null && layout.width <= PLAIN_COLUMNS_MAX ? layout : null;
    this.#slot = typeof part === 'string' || this.#layout === null ? -1 : slotOf(part.name);
    this.#isFloat = isFloatSlot(this.#slot);
  }

  /**
   * @param frame the fields of the event as they lie in its frame, or null where there is none
   * @param lookup finds the event's values by name. Errors are those of the format
   */
  write(frame: FrameFields | null, lookup: Lookup, line: LineBuffer): void {
    if (this.#literal !== null) line.literal(this.#literal);
    else if (frame === null || this.#slot < 0 || !this.#writePlain(frame, this.#layout as PlainLayout, line)) {
      line.string(typeof this.#part === 'string' ? this.#part : this.#part.text(lookup));
    }
  }

  #writePlain(frame: FrameFields, layout: PlainLayout, line: LineBuffer): boolean {
    const slot = this.#slot;
    switch (frame.kinds[slot]) {
      case TEXT:
        if (layout.text === null) return false;
        line.text(frame, slot, layout.width, layout.text === 'left');
        return true;
      case NUMBER:
        return writeNumber(frame.numbers[slot] as number, this.#isFloat, layout, line);
      default:
        return false;
    }
  }
}

function writeNumber(value: number, isFloat: boolean, layout: PlainLayout, line: LineBuffer): boolean {
  if (!isFloat) {
    if (layout.int === null) return false;
    line.int(value, layout.width, layout.int === 'left');
    return true;
  }
  // A negative one, of which zero is one too, may be shown as -0.
  const isPlain = (value > 0 || Object.is(value, 0)) && value <= Number.MAX_SAFE_INTEGER;
  if (layout.float === null || !isPlain) return false;
  line.int(layout.float === 'cut' ? Math.trunc(value) : halfToEven(value), layout.width);
  return true;
}

function halfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
