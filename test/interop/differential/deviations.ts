// The known deviations of the decoder and of repr from CPython, each as narrow as it can be told. docs/deviations.md
// explains them under the same names, and a test holds the two together.

import type { Case } from './judgement.ts';

export interface Deviation {
  readonly name: string;
  readonly reason: string;
  readonly explains: (differing: Case) => boolean;
}

/** CPython has a value, and unpickle refuses with this code; reference.py noted that it happened. */
function refused(code: string, note: string): (differing: Case) => boolean {
  return ({ python, ours }) =>
    python.repr !== undefined && ours.error?.code === code && (python.notes?.includes(note) ?? false);
}

/** CPython refuses, and unpickle has a value; reference.py noted that it happened. */
function accepted(note: string): (differing: Case) => boolean {
  return ({ python, ours }) =>
    python.error !== undefined && ours.repr !== undefined && (python.notes?.includes(note) ?? false);
}

export const deviations: readonly Deviation[] = [
  {
    name: 'constructor-shapes',
    reason: 'A constructor takes only the arguments and states that picklers write.',
    explains: ({ python, ours }) => python.repr !== undefined && ours.error?.code === 'ERR_PICKLE_CONSTRUCTOR',
  },
  {
    name: 'arguments',
    reason: "Arguments of a call are a tuple, as CPython's C unpickler wants them.",
    explains: (differing) =>
      refused('ERR_PICKLE_TYPE', 'arguments')(differing) || refused('ERR_PICKLE_CONSTRUCTOR', 'arguments')(differing),
  },
  {
    name: 'maker',
    reason: 'NEWOBJ, INST and OBJ make what REDUCE makes: CPython runs other parts of the constructor for each.',
    explains: ({ python }) => python.notes?.includes('maker') ?? false,
  },
  {
    name: 'frame',
    reason: "A frame that is not all there is refused, as CPython's C unpickler does.",
    explains: ({ python, ours }) =>
      (python.notes?.includes('frame') ?? false) &&
      (ours.error?.code === 'ERR_PICKLE_TRUNCATED' || ours.error?.limit === 'maxBytes'),
  },
  {
    name: 'state',
    reason: 'A state is refused for a value that picklers write none for, an empty one included.',
    explains: ({ python, ours }) =>
      (python.notes?.includes('state') ?? false) &&
      (python.repr !== undefined || ours.repr !== undefined) &&
      (ours.error === undefined || ['ERR_PICKLE_TYPE', 'ERR_PICKLE_CONSTRUCTOR'].includes(ours.error.code)),
  },
  {
    name: 'items',
    reason: 'SETITEM changes dicts only.',
    explains: refused('ERR_PICKLE_TYPE', 'items'),
  },
  {
    name: 'append',
    reason: 'APPEND changes lists and deques only.',
    explains: refused('ERR_PICKLE_TYPE', 'append'),
  },
  {
    name: 'maxlen',
    reason: 'More items than the maxlen of a deque are refused: CPython drops the first, and no pickler writes them.',
    explains: refused('ERR_PICKLE_TYPE', 'maxlen'),
  },
  {
    name: 'keys',
    reason: "Keys are compared as JavaScript's Map and Set compare them.",
    explains: ({ python, ours }) =>
      python.repr !== undefined && ours.repr !== undefined && (python.notes?.includes('keys') ?? false),
  },
  {
    name: 'group-members',
    reason: 'A group may have inert members, whose classes are not here to tell whether they are exceptions.',
    explains: accepted('group-members'),
  },
  {
    name: 'zone',
    reason: 'Whether a database of time zones has the key of a ZoneInfo is not looked at.',
    explains: accepted('zone'),
  },
  {
    name: 'array-surrogates',
    reason: 'An array of text may hold lone surrogates; CPython can make one, but not print it.',
    explains: ({ python, ours }) => python.error === 'repr: UnicodeDecodeError' && ours.repr !== undefined,
  },
  {
    name: 'array-text',
    reason: 'An array of text in the form of another machine may have an odd number of characters.',
    explains: accepted('array-text'),
  },
  {
    name: 'packed-str',
    reason: 'A Python 2 str where a class wants packed bytes is bytes.',
    explains: ({ python }) => python.notes?.includes('packed') ?? false,
  },
  {
    name: 'adjacent-surrogates',
    reason: 'A high and a low surrogate side by side are one character in JavaScript.',
    explains: ({ python, ours }) =>
      ours.repr !== undefined && /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/.test(python.repr ?? ''),
  },
];

/** The deviation that explains a difference, if there is one. */
export function explanation(differing: Case): Deviation | undefined {
  return deviations.find(({ explains }) => explains(differing));
}
