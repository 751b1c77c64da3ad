// Texts of seconds, kept: events share their second with others of late, from each of a few senders, and a calendar is slow.

/** A power of two. */
const KEPT_SECONDS = 16;

export class SecondCache {
  readonly #make: (second: number) => string;
  readonly #seconds: Float64Array = new Float64Array(KEPT_SECONDS).fill(Number.NaN);
  readonly #texts: string[] = new Array<string>(KEPT_SECONDS).fill('');

  /** @param make the text of a whole second since 1970; what it throws passes through */
  constructor(make: (second: number) => string) {
    this.#make = make;
  }

  text(second: number): string {
    const place = second & (KEPT_SECONDS - 1);
    if (this.#seconds[place] !== second) {
      this.#texts[place] = this.#make(second);
      this.#seconds[place] = second;
    }
    return this.#texts[place] as string;
  }
}

/** The numbers from 0 to 999 in three digits. */
export const threeDigits: readonly string[] = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));
