// The text that repr and str write to, with its bound on length. Knows no value.

/** Text that grows up to a limit of UTF-16 units; whatever comes after that is dropped, and `…` ends the text. */
export class Output {
  /** Whether something has been dropped: what is written from now on changes nothing, so writers stop. */
  full = false;
  #text = '';
  #room: number;

  constructor(maxLength: number) {
    this.#room = maxLength;
  }

  write(text: string): void {
    if (text.length <= this.#room) {
      this.#text += text;
      this.#room -= text.length;
    } else {
      this.#text += text.slice(0, this.#room);
      this.#room = 0;
      this.full = true;
    }
  }

  /** All that was written, or as much as there was room for and `…`; never half of a surrogate pair before it. */
  end(): string {
    return this.full ? `${this.#text.replace(/[\ud800-\udbff]$/, '')}…` : this.#text;
  }
}
