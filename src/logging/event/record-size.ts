// How much memory a record takes, as an estimate for those that hold records and bound what they hold.
//
// It counts the record, each of its texts, and all data under `msg`, `args`, `exc_info` and the extras: what a container
// takes, each of its items, and bytes. An object that several values share counts once in a record; a text counts each
// time, though records share most names. Two bytes are taken for a UTF-16 unit, and for a container as much room as V8
// leaves in one that grew, so that the estimate is above the truth. Objects of a program's own classes count as references:
// they are not the record's.
//
// The walk takes a bounded number of steps. A record that has more than that counts as RECORD_BYTES_MAX, which fills a
// holder with the default bound: one such may wait there, and none beside it.

import {
  PyArray,
  PyByteArray,
  PyComplex,
  PyDate,
  PyDateTime,
  PyDecimal,
  PyException,
  PyFraction,
  PyIPAddress,
  PyObject,
  PyPath,
  PyRange,
  PySimpleNamespace,
  PySlice,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
  PyUUID,
} from '../../pickle/index.ts';
import type { LogRecord } from './log-record.ts';

/** Bytes of records that a holder takes by default. */
export const HELD_BYTES_MAX: number = 64 * 1024 * 1024;

/** No record counts more. */
export const RECORD_BYTES_MAX: number = HELD_BYTES_MAX;

// Measured with Node 20 as growth of the heap for each, and rounded up.
/** A record without any text or extra. */
const RECORD_BYTES = 512;
const TEXT_BYTES = 24;
const UNIT_BYTES = 2;
const NUMBER_BYTES = 16;
const OBJECT_BYTES = 64;
/** An array, with room for its first 16 items; and each item, with room for half as many more. */
const ARRAY_BYTES = 200;
const ITEM_BYTES = 12;
/** A Map or a Set, an entry and a member. */
const HASH_TABLE_BYTES = 200;
const ENTRY_BYTES = 56;
const MEMBER_BYTES = 40;
/** An array of bytes, its buffer, and what Node keeps of that. */
const BYTES_BYTES = 200;

/** Values that are looked at in one record, where an object takes as long as sixteen others: some milliseconds in all. */
const STEPS_MAX: number = 256 * 1024;
const OBJECT_STEPS = 16;

/** The classes of decoded values whose fields are looked into; the others hold numbers only, or are shared. */
const VALUES: ReadonlySet<unknown> = new Set(
  [
    ...[PyArray, PyByteArray, PyComplex, PyDate, PyDateTime, PyDecimal, PyException, PyFraction, PyIPAddress, PyObject],
    ...[PyPath, PyRange, PySimpleNamespace, PySlice, PyTime, PyTimeDelta, PyTimeZone, PyUUID],
  ].map(({ prototype }) => prototype),
);

/** The bytes that a record takes in memory, estimated from above; RECORD_BYTES_MAX at most. */
export function recordBytes(record: LogRecord): number {
  const size = new Size(RECORD_BYTES);
  size.value(record.msg);
  if (!isEmptyArray(record.args)) size.value(record.args); // that of most records is one for all
  size.value(record.exc_info);
  size.text(record.name);
  size.text(record.levelname);
  size.text(record.pathname);
  size.text(record.filename);
  size.text(record.module);
  size.text(record.exc_text);
  size.text(record.stack_info);
  size.text(record.funcName);
  size.text(record.threadName);
  size.text(record.processName);
  size.text(record.taskName);
  if (record.message !== record.msg) size.text(record.message); // in a queue they are one
  size.text(record.asctime);
  if (record.extras.size > 0) size.entries(record.extras);
  return size.total();
}

class Size {
  #bytes: number;
  #steps = STEPS_MAX;
  /** Objects that are counted, but for what is in them. */
  #waiting: object[] = [];
  /** Every object met, made with the first. */
  #met: Set<object> | null = null;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  text(text: string | null): void {
    if (text !== null && text.length > 0) this.#bytes += TEXT_BYTES + UNIT_BYTES * text.length;
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.#bytes += NUMBER_BYTES;
    else if (typeof value === 'bigint') this.#bytes += TEXT_BYTES + value.toString(16).length / 2;
    else if (typeof value === 'object' && value !== null) this.#object(value);
  }

  entries(map: ReadonlyMap<unknown, unknown>): void {
    this.#bytes += ENTRY_BYTES * map.size;
    this.#steps -= 2 * map.size;
    if (this.#steps < 0) return;
    for (const [key, value] of map) {
      this.value(key);
      this.value(value);
    }
  }

  /** The size with all that is in the objects met. */
  total(): number {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      this.#steps -= OBJECT_STEPS;
      if (this.#steps >= 0) this.#inside(next);
      if (this.#steps < 0) return RECORD_BYTES_MAX;
    }
    return this.#steps < 0 ? RECORD_BYTES_MAX : Math.min(Math.ceil(this.#bytes), RECORD_BYTES_MAX);
  }

  #object(object: object): void {
    this.#met ??= new Set();
    if (this.#met.has(object)) return;
    this.#met.add(object);
    this.#waiting.push(object);
  }

  #inside(object: object): void {
    if (Array.isArray(object)) {
      this.#bytes += ARRAY_BYTES;
      this.#items(object, object.length, ITEM_BYTES);
    } else if (object instanceof Map) {
      this.#bytes += HASH_TABLE_BYTES;
      this.entries(object);
    } else if (object instanceof Set) {
      this.#bytes += HASH_TABLE_BYTES;
      this.#items(object, object.size, MEMBER_BYTES);
    } else if (ArrayBuffer.isView(object)) {
      this.#bytes += BYTES_BYTES + object.byteLength;
    } else {
      this.#bytes += OBJECT_BYTES;
      const prototype: unknown = Object.getPrototypeOf(object);
      if (VALUES.has(prototype)) this.#fields(object);
      else if (prototype === null || prototype === Object.prototype) this.#properties(object);
    }
  }

  #items(items: Iterable<unknown>, count: number, each: number): void {
    this.#bytes += each * count;
    this.#steps -= count;
    if (this.#steps < 0) return;
    for (const item of items) this.value(item);
  }

  #fields(object: object): void {
    for (const value of Object.values(object)) this.value(value);
  }

  /** A program's own object may have getters, which are its code: they are left alone. */
  #properties(object: object): void {
    const names = Object.keys(object);
    this.#bytes += ENTRY_BYTES * names.length;
    this.#steps -= OBJECT_STEPS * names.length;
    if (this.#steps < 0) return;
    for (const name of names) {
      this.text(name);
      this.value(Object.getOwnPropertyDescriptor(object, name)?.value);
    }
  }
}

function isEmptyArray(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
