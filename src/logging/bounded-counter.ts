// Counts by name, where the names come from strangers: the number of names is bounded, the counts are not.

/** The name that counts whatever finds no room. */
export const OTHERS = '(others)';

const NAMES_MAX = 100;

/** Longer names, in UTF-16 units, are counted with the others: a stranger's may be as long as a frame. */
const NAME_UNITS_MAX = 200;

/** A Map of counts that holds the first 100 names of a reasonable length, and counts all later ones under OTHERS. */
export class BoundedCounter extends Map<string, number> {
  /** Counts one more of a name; true when it is the first one under the key it was counted under. */
  add(name: string): boolean {
    const kept = name.length <= NAME_UNITS_MAX && (this.has(name) || this.size < NAMES_MAX);
    const key = kept ? name : OTHERS;
    const count = this.get(key) ?? 0;
    this.set(key, count + 1);
    return count === 0;
  }
}
