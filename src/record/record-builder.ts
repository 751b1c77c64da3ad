// A record that is made while its frame is read: what a decoder does that is asked for nothing but records.

import { LogRecord, setField } from '../logging/event/index.ts';
import { CACHED_BYTES, FrameStrings } from './frame-strings.ts';
import { EXTRA, type TemplateStep } from './template/template.ts';
import type { ValueSink } from './template/value-sink.ts';

/** One frame at a time; the record of each is its own. */
export class RecordBuilder implements ValueSink {
  readonly strings: FrameStrings = new FrameStrings();
  record: LogRecord = new LogRecord(null);

  begin(source: Uint8Array, start: number, length: number): number {
    this.record = new LogRecord(null);
    return this.strings.take(source, start, length);
  }

  takeText({ field, key }: TemplateStep, start: number, length: number): boolean {
    const { strings } = this;
    const isCached = length <= (CACHED_BYTES[field] as number);
    const text = isCached ? strings.cached(start, length) : strings.decode(start, length);
    if (text === null) return false;
    if (field < EXTRA) setField(this.record, field, text);
    else this.record.extras.set(key, text);
    return true;
  }

  takeNumber({ field }: TemplateStep, value: number): void {
    setField(this.record, field, value);
  }

  takeValue({ field, key }: TemplateStep, value: unknown): void {
    this.#set(field, key, value);
  }

  takeRepeated({ field, key, source, sourceField }: TemplateStep): void {
    const { record } = this;
    this.#set(field, key, sourceField < EXTRA ? record.value(sourceField) : record.extras.get(source));
  }

  #set(field: number, key: string, value: unknown): void {
    if (field < EXTRA) setField(this.record, field, value);
    else this.record.extras.set(key, value);
  }
}
