// Promises that a count which only grows will reach a mark.

/** A promise that is kept when the count is `target`. */
interface Waiter {
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Watermark {
  #waiting: Waiter[] = [];

  /** Resolves when the count has reached `target`; rejects with what `rejectAll` is given before. */
  wait(target: number): Promise<void> {
    return new Promise<void>((resolve, reject) => this.#waiting.push({ target, resolve, reject }));
  }

  /** The count is `count` now. */
  reached(count: number): void {
    while (this.#waiting[0] !== undefined && this.#waiting[0].target <= count) this.#waiting.shift()?.resolve();
  }

  rejectAll(error: Error): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }
}
