// Decoding pickles that are there as a whole: one, or one after another with the same decoder.

import { PickleError } from './errors.ts';
import { Machine } from './machine.ts';
import { resolveOptions, type UnpickleOptions } from './options.ts';

/** Decodes many pickles, each from bytes of its own, and keeps what makes that fast from one to the next. */
export class PickleDecoder {
  readonly #machine: Machine;
  #busy = false;

  constructor(options: UnpickleOptions = {}) {
    this.#machine = new Machine(resolveOptions(options));
  }

  /**
   * Decodes the first pickle in `data`; what follows its STOP is ignored, as `pickle.loads` does. The result is own
   * data: it shares no memory with `data`, and nothing in it can be called. Throws PickleError, and nothing else,
   * whatever the bytes are; the decoder can be used again after it.
   */
  decode(data: Uint8Array): unknown {
    if (this.#busy) throw new Error('this decoder is in the middle of a pickle: one within it needs its own decoder');
    const machine = this.#machine;
    this.#busy = true;
    try {
      machine.begin(0);
      if (!machine.run(data, 0, data.length, 0)) throw truncated(machine.position, data[machine.position] ?? -1);
      return machine.takeValue();
    } finally {
      this.#busy = false;
    }
  }

  /** The bytes of the last decoded pickle, up to its STOP, or to the end of the frame that STOP stood in. */
  get bytesConsumed(): number {
    return this.#machine.position;
  }
}

/** `new PickleDecoder(options).decode(data)`. */
export function unpickle(data: Uint8Array, options: UnpickleOptions = {}): unknown {
  return new PickleDecoder(options).decode(data);
}

/** The data ended at or inside the opcode at this offset. */
export function truncated(offset: number, opcode: number): PickleError {
  // Stryker disable next-line EqualityOperator: no opcode is the byte 0
  const reason = opcode < 0 ? 'the data ends before the pickle does' : 'the data ends inside an argument';
  return new PickleError('ERR_PICKLE_TRUNCATED', reason, { offset, opcode });
}
