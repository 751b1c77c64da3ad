// One value that a format shows, read once: its name, how it becomes text, and how that is laid out where it is plain.

import type { Lookup } from './lookup.ts';

/** How values are shown that need no more than digits, or their own characters, and blanks beside them. */
export interface PlainLayout {
  /** Columns at least; 0 for as many as there are characters. */
  readonly width: number;
  /** A str as it is: at the left of its columns or at their right; null where a str is shown otherwise. */
  readonly text: 'left' | 'right' | null;
  /** An int in decimal digits, likewise. */
  readonly int: 'left' | 'right' | null;
  /** A float as whole number, at the right: cut, or rounded half to even; null where it is shown otherwise. */
  readonly float: 'cut' | 'rounded' | null;
}

/** A field of a format. */
export interface FieldPart {
  readonly name: string;
  /** Null where no value is shown plainly. */
  readonly layout: PlainLayout | null;
  /** The text that stands for the value. Errors as of the format. */
  text(lookup: Lookup): string;
}

/** Literal text, and fields. */
export type FormatPart = string | FieldPart;

/** A format of any grammar, compiled. */
export interface CompiledFormat {
  readonly source: string;
  /** What the text is made of, in order; null where some part is of a kind that only `applyTo` knows. */
  readonly parts: readonly FormatPart[] | null;
  /** The text for the values that a Lookup finds. */
  applyTo(lookup: Lookup): string;
}
