// picklewire/pickle: decoding pickles from strangers. Knows no log record, no socket and no file.

export { type ReprOptions, repr, str } from './repr.ts';
export * from './values/index.ts';
