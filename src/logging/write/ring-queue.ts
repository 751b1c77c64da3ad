// A first-in, first-out queue that can be looked into, of items that each have a size.

/** Places at first. A power of two, as all numbers of places are. */
const PLACES_MIN = 1024;

/** Places that an empty queue keeps for what comes next. */
const KEPT_PLACES_MAX: number = 64 * 1024;

/** A ring: what comes and goes leaves nothing for the garbage collector to look at. */
export class RingQueue<T extends object> {
  #items: (T | undefined)[] = new Array(PLACES_MIN);
  #sizes: Int32Array = new Int32Array(PLACES_MIN);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The oldest item but `index`. */
  at(index: number): T | undefined {
    return index < this.#length ? this.#items[this.#placeOf(index)] : undefined;
  }

  /** The size of the oldest item but `index`, which there must be. */
  sizeAt(index: number): number {
    return this.#sizes[this.#placeOf(index)] as number;
  }

  setSize(index: number, size: number): void {
    this.#sizes[this.#placeOf(index)] = size;
  }

  /** @param size less than 2**31 */
  push(item: T, size = 0): void {
    if (this.#length === this.#sizes.length) this.#resize(2 * this.#length);
    const place = this.#placeOf(this.#length++);
    this.#items[place] = item;
    this.#sizes[place] = size;
  }

  /** Removes the oldest item. */
  shift(): void {
    if (this.#length === 0) return;
    this.#items[this.#head] = undefined;
    this.#head = this.#placeOf(1);
    this.#length--;
    if (this.#length === 0 && this.#sizes.length > KEPT_PLACES_MAX) this.#resize(PLACES_MIN);
  }

  /** Removes all items, oldest first. */
  takeAll(): T[] {
    const items = Array.from({ length: this.#length }, (_, index) => this.at(index) as T);
    this.#length = 0;
    this.#resize(PLACES_MIN);
    return items;
  }

  #placeOf(index: number): number {
    return (this.#head + index) & (this.#sizes.length - 1);
  }

  #resize(places: number): void {
    const items = new Array<T | undefined>(places);
    const sizes = new Int32Array(places);
    for (let index = 0; index < this.#length; index++) {
      items[index] = this.at(index);
      sizes[index] = this.sizeAt(index);
    }
    this.#items = items;
    this.#sizes = sizes;
    this.#head = 0;
  }
}
