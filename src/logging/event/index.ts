// What decoders of records make events of: the field table, and the two kinds of events.

export { asFloat } from '../text/numbers.ts';
export { FIELD_COUNT, type Field, type FieldName, fieldTable, isFloatSlot, SLOTS, slotOf } from './field-table.ts';
export { ABSENT, type FrameFields, type LogEvent, NUMBER, TEXT, VALUE } from './log-event.ts';
export { LogRecord } from './log-record.ts';
export { makeLogRecord } from './make-log-record.ts';
export { HELD_BYTES_MAX, RECORD_BYTES_MAX, recordBytes } from './record-size.ts';
export { setField } from './set-field.ts';
