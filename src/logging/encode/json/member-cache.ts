// Members of JSON objects that record after record has alike: names, paths. Knows no record.

/** How many values of one member are kept. */
const MOST_VALUES = 256;

/** What is kept under one key. */
interface Values {
  readonly members: Map<string, string>;
  /** The last value, which often is the next one too, and its member. */
  last: string;
  member: string;
}

/** Members that were made before, by key and value. Of those of a line, most are found here. */
export class NameMembers {
  readonly #values: Map<string, Values> = new Map();

  /**
   * `,"key":value`, given the key as it stands there.
   * @param make the JSON of the value, the same whenever it is asked
   */
  member(key: string, value: string, make: (value: string) => string): string {
    let values = this.#values.get(key);
    if (values === undefined) {
      values = { members: new Map(), last: '', member: '' };
      this.#values.set(key, values);
    }
    if (values.last === value && values.member !== '') return values.member;
    let member = values.members.get(value);
    if (member === undefined) {
      if (values.members.size === MOST_VALUES) values.members.clear();
      member = key + make(value);
      values.members.set(value, member);
    }
    values.last = value;
    values.member = member;
    return member;
  }
}
