// Compiled time zones: the TZif format of the files under /usr/share/zoneinfo. Bytes in, a zone out; opens no file.
// Source: RFC 9636, versions 1 to 4. Leap seconds are left out of account: a POSIX clock has none.

import { parsePosixZone } from './posix-zone.ts';
import type { LocalTimeType, TimeZone } from './time-zone.ts';

const HEADER = 44;
const MAGIC = 0x545a_6966; // TZif

/** The counts of a header, in their order in the file. */
interface Counts {
  readonly utIndicators: number;
  readonly standardIndicators: number;
  readonly leaps: number;
  readonly transitions: number;
  readonly types: number;
  readonly names: number;
}

/** Reads a file's contents; null for what is no TZif, or broken. */
export function parseTzif(bytes: Uint8Array): TimeZone | null {
  try {
    return parse(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    if (error instanceof RangeError) return null; // a read beyond the end
    throw error;
  }
}

function parse(view: DataView): TimeZone | null {
  if (view.getUint32(0) !== MAGIC) return null;
  const version1 = countsAt(view, 0);
  if (view.getUint8(4) === 0) return readZone(view, HEADER, version1, 4, null);
  // From version 2 on the file begins with what a reader of version 1 needs; the same follows with 64-bit times.
  const second = HEADER + blockSize(version1, 4);
  if (view.getUint32(second) !== MAGIC) return null;
  const counts = countsAt(view, second);
  const data = second + HEADER;
  return readZone(view, data, counts, 8, footerAt(view, data + blockSize(counts, 8)));
}

function countsAt(view: DataView, at: number): Counts {
  const [utIndicators, standardIndicators, leaps, transitions, types, names] = [20, 24, 28, 32, 36, 40].map((place) =>
    view.getUint32(at + place),
  ) as [number, number, number, number, number, number];
  return { utIndicators, standardIndicators, leaps, transitions, types, names };
}

function blockSize(counts: Counts, timeSize: 4 | 8): number {
  const { utIndicators, standardIndicators, leaps, transitions, types, names } = counts;
  return transitions * (timeSize + 1) + types * 6 + names + leaps * (timeSize + 4) + standardIndicators + utIndicators;
}

/** The rule between two line ends behind the data; empty where the file gives none. */
function footerAt(view: DataView, at: number): string {
  let text = '';
  for (let place = at + 1; view.getUint8(place) !== 0x0a; place += 1) text += String.fromCharCode(view.getUint8(place));
  return text;
}

function readZone(view: DataView, at: number, counts: Counts, timeSize: 4 | 8, rule: string | null): TimeZone | null {
  const { transitions, types, names } = counts;
  // Nothing is made of counts that the file is too short for.
  if (types === 0 || at + blockSize(counts, timeSize) > view.byteLength) return null;
  const typesAt = at + transitions * (timeSize + 1);
  const namesAt = typesAt + types * 6;
  const table = Array.from({ length: types }, (_, index): LocalTimeType => {
    const place = typesAt + index * 6;
    const nameAt = namesAt + view.getUint8(place + 5);
    return {
      offset: view.getInt32(place),
      isdst: view.getUint8(place + 4) !== 0,
      name: nameUpTo(view, nameAt, namesAt + names),
    };
  });
  const times = Array.from({ length: transitions }, (_, index) =>
    timeSize === 4 ? view.getInt32(at + index * 4) : Number(view.getBigInt64(at + index * 8)),
  );
  const indexes = times.map((_, index) => view.getUint8(at + transitions * timeSize + index));
  if (indexes.some((index) => index >= types)) return null;
  // Before the first transition the GNU C library takes the first type that is no summer time.
  const before = table.find(({ isdst }) => !isdst) ?? (table[0] as LocalTimeType);
  const after = indexes.map((index) => table[index] as LocalTimeType);
  const afterLast = rule ? parsePosixZone(rule) : null;
  return new TransitionZone(times, before, after, afterLast);
}

function nameUpTo(view: DataView, at: number, end: number): string {
  let name = '';
  for (let place = at; place < end && view.getUint8(place) !== 0; place += 1) {
    name += String.fromCharCode(view.getUint8(place));
  }
  return name;
}

/** A zone by the moments of its changes, and by a rule after the last of them. */
class TransitionZone implements TimeZone {
  readonly #times: readonly number[];
  readonly #before: LocalTimeType;
  readonly #after: readonly LocalTimeType[];
  readonly #afterLast: TimeZone | null;

  constructor(
    times: readonly number[],
    before: LocalTimeType,
    after: readonly LocalTimeType[],
    afterLast: TimeZone | null,
  ) {
    this.#times = times;
    this.#before = before;
    this.#after = after;
    this.#afterLast = afterLast;
  }

  at(epoch: number): LocalTimeType {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle] as number) <= epoch) low = middle + 1;
      else high = middle;
    }
    if (low === this.#times.length && this.#afterLast !== null) return this.#afterLast.at(epoch);
    return this.#after[low - 1] ?? this.#before;
  }
}
