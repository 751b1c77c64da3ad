// The field table, and the switches by number that are held to it.

import { describe, expect, test } from 'vitest';
import { fieldTable, isFloatSlot, SLOTS, slotOf } from '../../../src/logging/event/field-table.ts';
import { LogRecord } from '../../../src/logging/event/log-record.ts';
import { setField } from '../../../src/logging/event/set-field.ts';

/** A value that the field of a slot holds, and no other field here. */
function sampleOf(slot: number): unknown {
  const { kind } = fieldTable[slot] as (typeof fieldTable)[number];
  return kind === 'text' || kind === 'any' ? `value ${slot}` : slot + 0.25 * Number(kind === 'float');
}

test('slots count up from 0, in the order in which a record has its properties', () => {
  expect(fieldTable.map(({ slot }) => slot)).toEqual(fieldTable.map((_, index) => index));
  expect(Object.keys(new LogRecord())).toEqual([...fieldTable.map(({ name }) => name), 'extras']);
  expect(fieldTable.map(({ name }) => [name, SLOTS[name], slotOf(name)])).toEqual(
    fieldTable.map(({ name, slot }) => [name, slot, slot]),
  );
  for (const name of ['extras', 'get', '__proto__', 'constructor', 5, null]) expect(slotOf(name)).toBe(-1);
});

describe.each(fieldTable)('$name', ({ name, slot, kind, isNone }) => {
  test('is set and read by its slot, and nothing else is', () => {
    const record = new LogRecord(null);
    for (const each of fieldTable) setField(record, each.slot, sampleOf(each.slot));
    expect(record[name]).toBe(sampleOf(slot));
    expect(record.value(slot)).toBe(sampleOf(slot));
    expect(record.get(name)).toBe(sampleOf(slot));
  });

  test('is None in a new record where the table says so', () => {
    expect(new LogRecord(null).value(slot) === null).toBe(isNone);
    expect(isFloatSlot(slot)).toBe(kind === 'float');
  });
});

test('there is no field before the first, nor behind the last', () => {
  for (const slot of [-1, fieldTable.length]) {
    expect(() => new LogRecord().value(slot)).toThrow(RangeError);
    expect(() => setField(new LogRecord(), slot, 1)).toThrow(RangeError);
  }
});
