// node bench/string-cache.js [ROUNDS]
// One question: how many slots should src/pickle/string-cache.ts have, and how long may a string in it be? Reads all
// strings of the corpora without a cache, with the built class, and with the same algorithm in other sizes.

import assert from 'node:assert/strict';
import { locateArgument } from '../dist/pickle/arguments.js';
import { CACHED_BYTES, StringCache } from '../dist/pickle/string-cache.js';
import { decodeUtf8 } from '../dist/pickle/text.js';
import { corpora } from './corpora.js';
import { measure, median, speedRatio } from './measure.js';

const SLOTS = [256, 1024, 4096];
const MAX_BYTES = [32, 48, 64];

/** @typedef {(bytes: Uint8Array, start: number, end: number) => string} Read */

/** StringCache with its two constants as fields, and a count of misses. */
class SizedCache {
  misses = 0;

  /**
   * @param {number} slots a power of two
   * @param {number} maxBytes
   */
  constructor(slots, maxBytes) {
    this.mask = slots - 1;
    this.maxBytes = maxBytes;
    this.words = new Int32Array((slots * maxBytes) / 4);
    this.strings = new Array(slots).fill(undefined);
    this.lengths = new Uint8Array(slots);
  }

  /** @type {Read} */
  get(bytes, start, end) {
    const { words } = this;
    const length = end - start;
    const middle = byteAt(bytes, start + (length >> 1));
    let first = 0;
    let last = 0;
    if (length < 4) {
      first = byteAt(bytes, start) | (middle << 8) | (byteAt(bytes, end - 1) << 16);
    } else {
      first = wordAt(bytes, start);
      last = wordAt(bytes, end - 4);
    }
    const hash = Math.imul(first, 0x2c1b3c6d) + Math.imul(last, 0x297a2d39) + middle * 131 + length * 7;
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    let word = (slot * this.maxBytes) / 4;
    if (this.lengths[slot] === length && words[word] === first && words[word + 1] === last) {
      word += 2;
      let at = start + 4;
      while (at < end - 4 && words[word] === wordAt(bytes, at)) {
        at += 4;
        word++;
      }
      if (at >= end - 4) return this.strings[slot];
      word = (slot * this.maxBytes) / 4;
    }
    this.misses++;
    const text = decode(bytes, start, end);
    words[word++] = first;
    words[word++] = last;
    for (let at = start + 4; at < end - 4; at += 4) words[word++] = wordAt(bytes, at);
    this.lengths[slot] = length;
    this.strings[slot] = text;
    return text;
  }
}

/** All strings of a corpus, again and again. */
class Strings {
  #bytes;
  /** @type {number[]} */
  #ends = [];
  /** Where a byte of a string that the corpus has only once can be changed, by the string's index; else -1. */
  #changeable;
  #pass = 0;

  /** @param {readonly Uint8Array[]} payloads */
  constructor(payloads) {
    const strings = payloads.flatMap(stringsOf).filter((bytes) => bytes.length > 0);
    const texts = strings.map((bytes) => bytes.toString('latin1'));
    const counts = new Map();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    this.#bytes = Buffer.concat(strings);
    let end = 0;
    for (const { length } of strings) {
      end += length;
      this.#ends.push(end);
    }
    this.#changeable = texts.map((text, i) => {
      const within = text.length >> 2;
      const once = counts.get(text) === 1 && text.charCodeAt(within) < 0x80;
      return once ? /** @type {number} */ (this.#ends[i]) - text.length + within : -1;
    });
  }

  get count() {
    return this.#ends.length;
  }

  /**
   * One pass; a cache reads what is at most `maxBytes` long. Strings that came only once are new ones in each pass, as
   * they would be in a stream that does not repeat.
   * @param {number} maxBytes
   * @param {Read} cached
   */
  readAll(maxBytes, cached) {
    const letter = 0x61 + (this.#pass++ % 26);
    let start = 0;
    let characters = 0;
    for (let i = 0; i < this.#ends.length; i++) {
      const end = /** @type {number} */ (this.#ends[i]);
      const changeable = /** @type {number} */ (this.#changeable[i]);
      if (changeable >= 0) this.#bytes[changeable] = letter;
      const text = end - start <= maxBytes ? cached(this.#bytes, start, end) : decode(this.#bytes, start, end);
      characters += text.length;
      start = end;
    }
    return characters;
  }
}

/** @param {Uint8Array} payload */
function stringsOf(payload) {
  const strings = [];
  const span = { from: 0, to: 0, next: 0, wanted: 0 };
  for (let at = 0; at < payload.length; at = span.next) {
    const opcode = byteAt(payload, at);
    assert(locateArgument(opcode, payload, at + 1, payload.length, payload.length, span));
    if (TEXT_OPCODES.has(opcode)) strings.push(Buffer.from(payload.subarray(span.from, span.to)));
  }
  return strings;
}

/** BINUNICODE, SHORT_BINUNICODE and SHORT_BINSTRING. */
const TEXT_OPCODES = new Set([0x58, 0x8c, 0x55]);

/** @type {Read} */
function decode(bytes, start, end) {
  return decodeUtf8(bytes, start, end, 'surrogatepass');
}

/**
 * @param {Uint8Array} bytes
 * @param {number} index
 */
function byteAt(bytes, index) {
  return /** @type {number} */ (bytes[index]);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function wordAt(bytes, at) {
  return (
    byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24)
  );
}

const rounds = Number(process.argv[2] ?? 11);
for (const name of /** @type {const} */ (['py3.13-plain', 'mixed-layouts', 'all-unique'])) {
  const strings = new Strings(corpora[name]().payloads);
  const built = new StringCache(decode);
  const caches = SLOTS.flatMap((slots) => MAX_BYTES.map((maxBytes) => new SizedCache(slots, maxBytes)));
  const tasks = [
    { name: 'no cache', run: () => strings.readAll(0, decode) },
    { name: 'as built', run: () => strings.readAll(CACHED_BYTES, (...span) => built.get(...span)) },
    ...caches.map((cache) => ({
      name: `${cache.mask + 1} x ${cache.maxBytes}`,
      run: () => strings.readAll(cache.maxBytes, (...span) => cache.get(...span)),
    })),
  ];
  const characters = strings.readAll(0, decode);
  for (const { run } of tasks) assert.equal(run(), characters);
  const cold = caches.map(({ misses }) => misses);
  for (const { run } of tasks) run();
  const misses = caches.map((cache, i) => cache.misses - /** @type {number} */ (cold[i]));

  const measured = await measure(tasks, { rounds, time: 50 });
  const [without] = measured;
  assert(without);
  process.stdout.write(`${name}: ${strings.count} strings a pass\n`);
  for (const [i, task] of measured.entries()) {
    const nanoseconds = ((median(task.rounds) * 1e6) / strings.count).toFixed(1);
    const missed = misses[i - 2];
    process.stdout.write(
      `  ${task.name.padEnd(10)}${nanoseconds.padStart(7)} ns a string  ${speedRatio(task, without).toFixed(2)} × no cache` +
        `${missed === undefined ? '' : `  ${((missed / strings.count) * 100).toFixed(1).padStart(5)} % made`}\n`,
    );
  }
}
