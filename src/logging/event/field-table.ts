// The fields of a record: one row for each attribute that Python's LogRecord and Formatter set, in Python's order. All that
// lists them (the class LogRecord, its dict, its decoding from a frame, the formats) is made from this table, or held to it.

/** What a field holds: text, an int, a float, or any value. */
export type FieldKind = 'text' | 'int' | 'float' | 'any';

/** One attribute of every record. */
export interface Field {
  readonly name: FieldName;
  /** Its place in the table. Events are read by slots, so that no name is compared while a line is written. */
  readonly slot: number;
  readonly kind: FieldKind;
  /** Whether the field of a new record is None. */
  readonly isNone: boolean;
}

const ROWS = [
  ['name', 'text', 'none'],
  ['msg', 'any', 'some'],
  ['args', 'any', 'some'],
  ['levelname', 'text', 'some'],
  ['levelno', 'int', 'none'],
  ['pathname', 'text', 'some'],
  ['filename', 'text', 'some'],
  ['module', 'text', 'some'],
  ['exc_info', 'any', 'none'],
  ['exc_text', 'text', 'none'],
  ['stack_info', 'text', 'none'],
  ['lineno', 'int', 'some'],
  ['funcName', 'text', 'none'],
  ['created', 'float', 'some'],
  ['msecs', 'float', 'some'],
  ['relativeCreated', 'float', 'some'],
  ['thread', 'int', 'none'],
  ['threadName', 'text', 'none'],
  ['processName', 'text', 'none'],
  ['process', 'int', 'none'],
  ['taskName', 'text', 'none'],
  // A Formatter adds these.
  ['message', 'text', 'none'],
  ['asctime', 'text', 'none'],
] as const;

/** The name of an attribute that Python's LogRecord or Formatter sets. */
export type FieldName = (typeof ROWS)[number][0];

export const fieldTable: readonly Field[] = ROWS.map(([name, kind, value], slot) => ({
  name,
  slot,
  kind,
  isNone: value === 'none',
}));

/** How many fields there are; the slot of an event's first extra. */
export const FIELD_COUNT: number = ROWS.length;

/** How many of them a LogRecord is made with, and are in its dict whatever their value. */
export const OWN_FIELD_COUNT: number = ROWS.length - 2;

/** The slot of each field, by its name. */
export const SLOTS: { readonly [Name in FieldName]: number } = Object.fromEntries(
  ROWS.map(([name], slot) => [name, slot]),
) as { [Name in FieldName]: number };

const SLOT_OF: ReadonlyMap<unknown, number> = new Map(ROWS.map(([name], slot) => [name, slot]));

/** The slot of the field of a name; −1 where there is none: then it is the name of an extra. */
export function slotOf(name: unknown): number {
  return SLOT_OF.get(name) ?? -1;
}

/** Whether a name is that of an attribute that Python's LogRecord or Formatter sets. */
export function isRecordField(name: unknown): boolean {
  return SLOT_OF.has(name);
}

/** Whether the field of a slot holds floats. */
export function isFloatSlot(slot: number): boolean {
  return slot >= SLOTS.created && slot <= SLOTS.relativeCreated;
}
