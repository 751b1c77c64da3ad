// How printers are written and looked up: a table from classes to printers, and the two kinds of printer. Knows no class.

import type { Output } from './output.ts';

/** Writes the text of a value that holds no other. */
export type ScalarWriter<T> = (out: Output, value: T) => void;

/**
 * How a value that holds others is printed. `parts` writes its own text and yields, in their places, the values to print
 * there: nothing recurses, so nesting is bounded by memory alone. `cycle` is what stands for the value inside itself.
 */
export interface Container<T> {
  readonly parts: (out: Output, value: T) => Parts;
  readonly cycle: string | ((value: T) => string);
}

/** Values of which the repr() is to be printed, or the str() where they are wrapped in an AsStr. */
export type Parts = Generator<unknown, void, void>;

/** A value that is to be printed by str() where others are by repr(). */
export class AsStr {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** One row of a class table. */
export type Row<Printer> = readonly [prototype: object, printer: Printer];

/** A row for a scalar. That its writer is given instances of its class only is what the table sees to. */
export function scalar<T>(type: { readonly prototype: T }, write: ScalarWriter<T>): Row<ScalarWriter<unknown>> {
  return [type.prototype as object, write as ScalarWriter<unknown>];
}

/** A row for a container, as `scalar`. */
export function container<T>(type: { readonly prototype: T }, printer: Container<T>): Row<Container<unknown>> {
  return [type.prototype as object, printer as Container<unknown>];
}

/** Printers by prototype, so that an instance of a subclass (a Buffer, say) finds the printer of its nearest ancestor. */
export class ClassTable<Printer> {
  readonly #rows: ReadonlyMap<object, Printer>;

  constructor(rows: readonly Row<Printer>[]) {
    this.#rows = new Map(rows);
  }

  find(value: object): Printer | undefined {
    for (
      let prototype = Object.getPrototypeOf(value);
      prototype !== null;
      prototype = Object.getPrototypeOf(prototype)
    ) {
      const printer = this.#rows.get(prototype);
      if (printer !== undefined) return printer;
    }
    return undefined;
  }
}
