// How the items of a container follow it: in batches, whose rests each kind of container has its own way with.

import { op } from './op.ts';

export interface Batching {
  /** The opcode for an item by itself; null where there is none. */
  readonly one: number | null;
  /** The opcode for a batch of them above a mark. */
  readonly many: number;
  /** How many values an item has. */
  readonly width: 1 | 2;
  /** Whether the first value of an item must be hashable. */
  readonly hashed: boolean;
  /** Whether a single item that is left over after full batches stands by itself. */
  readonly bareRest: boolean;
  /** Whether an empty batch follows where all before are full: the C pickler sees the end only then. */
  readonly emptyRest: boolean;
}

/** Items in a batch, as in every CPython. */
export const BATCH = 1000;

export const LIST: Batching = {
  one: op.APPEND,
  many: op.APPENDS,
  width: 1,
  hashed: false,
  bareRest: false,
  emptyRest: false,
};

export const DICT: Batching = {
  one: op.SETITEM,
  many: op.SETITEMS,
  width: 2,
  hashed: true,
  bareRest: false,
  emptyRest: true,
};

export const SET: Batching = { one: null, many: op.ADDITEMS, width: 1, hashed: true, bareRest: false, emptyRest: true };

/** Of the list that a set is made of before protocol 4. */
export const MEMBERS: Batching = { ...LIST, hashed: true };

/** Of instances, whose items the C pickler takes from an iterator. */
export const LIST_ITEMS: Batching = { ...LIST, bareRest: true };
export const DICT_ITEMS: Batching = { ...DICT, bareRest: true, emptyRest: false };
