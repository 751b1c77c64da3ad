// A first-in, first-out queue that can be looked into. Knows nothing of what it holds.

/** Removed items are cleared at once; their places are given back when they are many, and half of all there are. */
const MANY = 1024;

export class LineQueue<T extends object> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The oldest item but `index`. */
  at(index: number): T | undefined {
    return this.#items[this.#head + index];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Removes the oldest item. */
  shift(): void {
    this.#items[this.#head] = undefined;
    this.#head++;
    if (this.#head >= MANY && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Removes all items, oldest first. */
  takeAll(): T[] {
    const items = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return items;
  }
}
