// Where the values of a frame go that a template matches: to be located, or to make a record.

import type { FrameStrings } from '../frame-strings.ts';
import type { TemplateStep } from './template.ts';

/** What is given the values of a frame, one after another, as a template has them. */
export interface ValueSink {
  readonly strings: FrameStrings;
  /** Takes a frame, of which nothing is read yet; returns where it begins in the bytes of `strings`. */
  begin(source: Uint8Array, start: number, length: number): number;
  /** A text; false where it is not UTF-8. */
  takeText(step: TemplateStep, start: number, length: number): boolean;
  /** An int or a float of a field. */
  takeNumber(step: TemplateStep, value: number): void;
  /** None, a bool, a number, or a text that the template has. */
  takeValue(step: TemplateStep, value: unknown): void;
  /** The text that stands under another name, in a field or an extra. */
  takeRepeated(step: TemplateStep): void;
}
