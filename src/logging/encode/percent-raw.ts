// The `%` style applied to records that are not decoded, for the conversions that nearly all formats are made of. What it
// writes is what `percent.ts` makes of the record. Knows no other style.

import {
  CONTENTS,
  type Literal,
  LONE_SURROGATE,
  literalOf,
  type RawLine,
  type RawRecord,
  SLOTS,
} from '../event/raw-record.ts';
import { ABSENT, type Conversion, parsePercentFormat, STAR } from '../text/percent-parse.ts';

/** Writes what stands for a part of the format, or says false. `asctime` is there where the format shows it. */
type Step = (raw: RawRecord, line: RawLine, asctime: string) => boolean;

/** A format, read once. */
export type RawFormat = Step;

/** Wider columns are seldom, and have bounds of their own. */
const MOST_COLUMNS = 255;

/** Fields that are text or None, and that a record has as None where nothing is said of them. */
const TEXTS_OR_NONE: ReadonlySet<string> = new Set(['name', 'funcName', 'threadName', 'processName', 'taskName']);
const TEXTS: ReadonlySet<string> = new Set(['levelname', 'pathname', 'filename', 'module']);
const INTS: ReadonlySet<string> = new Set(['levelno', 'lineno', 'thread', 'process']);
const FLOATS: ReadonlySet<string> = new Set(['created', 'msecs', 'relativeCreated']);

/** A format for records that are not decoded, or null where it has a part that wants them to be. */
export function rawPercentFormat(source: string): RawFormat | null {
  if (LONE_SURROGATE.test(source)) return null;
  const steps: Step[] = [];
  for (const part of parsePercentFormat(source)) {
    const step = typeof part === 'string' ? literalStep(literalOf(part)) : conversionStep(part);
    if (step === null) return null;
    steps.push(step);
  }
  return (raw, line, asctime) => {
    for (let i = 0; i < steps.length; i++) if (!(steps[i] as Step)(raw, line, asctime)) return false;
    return true;
  };
}

function literalStep(literal: Literal): Step {
  return (_, line) => line.literal(literal);
}

function conversionStep({ key, type, left, width, precision, plus, blank, zero, error }: Conversion): Step | null {
  if (key === null || error !== null || precision !== ABSENT || width === STAR || width > MOST_COLUMNS) return null;
  const columns = Math.max(width, 0);
  if (type === 's') return textStep(key, columns, left);
  if (type !== 'd' || plus || blank || zero) return null;
  if (INTS.has(key)) return intStep(SLOTS[key as keyof typeof SLOTS], columns, left);
  return FLOATS.has(key) ? floatStep(SLOTS[key as keyof typeof SLOTS], columns, left) : null;
}

function textStep(key: string, width: number, left: boolean): Step | null {
  // Where the message is not the text of `msg`, the record is decoded.
  if (key === 'message') return (raw, line) => line.text(raw, SLOTS.msg, width, left);
  if (key === 'asctime') return width === 0 ? (_, line, asctime) => line.string(asctime) : null;
  const slot = SLOTS[key as keyof typeof SLOTS];
  if (INTS.has(key)) return intStep(slot, width, left);
  const none = TEXTS_OR_NONE.has(key) ? CONTENTS.nothing : -1;
  if (none < 0 && !TEXTS.has(key)) return null;
  return (raw, line) => {
    const content = raw.contents[slot];
    if (content === CONTENTS.text) return line.text(raw, slot, width, left);
    return content === none && line.column('None', width, left);
  };
}

function intStep(slot: number, width: number, left: boolean): Step {
  return (raw, line) => raw.contents[slot] === CONTENTS.number && line.int(raw.numbers[slot] as number, width, left);
}

function floatStep(slot: number, width: number, left: boolean): Step {
  return (raw, line) => {
    const whole = Math.trunc(raw.numbers[slot] as number);
    return Number.isSafeInteger(whole) && line.int(whole, width, left);
  };
}
