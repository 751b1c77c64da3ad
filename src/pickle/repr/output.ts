// The text that repr and str write to, with its bound on length. Knows no value.

/** Pieces that are joined at a time. Text made by `+=` alone is a tree of its pieces, several times its own size. */
const BATCH = 1024;

/** Text that grows up to a limit of UTF-16 units; whatever comes after that is dropped, and `…` ends the text. */
export class Output {
  /** Whether something has been dropped: what is written from now on changes nothing, so writers stop. */
  full = false;
  #room: number;
  #text = '';
  #pieces: string[] = [];

  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  write(text: string): void {
    if (text.length <= this.#room) {
      this.#pieces.push(text);
      this.#room -= text.length;
      if (this.#pieces.length === BATCH) this.#join();
    } else {
      this.#pieces.push(text.slice(0, this.#room));
      this.#room = 0;
      this.full = true;
    }
  }

  /** All that was written, or as much as there was room for and `…`; never half of a surrogate pair before it. */
  end(): string {
    this.#join();
    return this.full ? `${this.#text.replace(/[\ud800-\udbff]$/, '')}…` : this.#text;
  }

  #join(): void {
    this.#text += this.#pieces.join('');
    this.#pieces = [];
  }
}
