// What opcodes that neither name nor call anything do to a scan's stack, as the opcode table has it.

import { type ArgumentKind, type Opcode, opcodes } from '../opcodes.ts';
import { Other, UNKNOWN, type Value } from './values.ts';

export interface Plan {
  /** For an opcode that pushes its argument: the kind of that. */
  readonly literal: ArgumentKind | null;
  readonly takesMark: boolean;
  /** Values it takes: below the mark, if it takes that. */
  readonly pops: number;
  /** Whether it leaves the value below those where it is, changed. */
  readonly changesTarget: boolean;
  readonly pushes: Value | null;
}

const LOOKS: ReadonlyMap<string, Value> = new Map([
  ['NONE', new Other('None')],
  ['NEWTRUE', new Other('True')],
  ['NEWFALSE', new Other('False')],
  ['EMPTY_TUPLE', new Other('()')],
  ['EMPTY_LIST', new Other('[…]')],
  ['LIST', new Other('[…]')],
  ['EMPTY_DICT', new Other('{…}')],
  ['DICT', new Other('{…}')],
  ['EMPTY_SET', new Other('{…}')],
  ['FROZENSET', new Other('frozenset({…})')],
]);

/** By the opcode's byte. Those with a case of their own in the scan have no use for theirs. */
export const plans: readonly (Plan | undefined)[] = (() => {
  const rows: (Plan | undefined)[] = new Array(256).fill(undefined);
  for (const opcode of opcodes) rows[opcode.code] = planOf(opcode);
  return rows;
})();

function planOf({ name, argument, stackBefore, stackAfter }: Opcode): Plan {
  const mark = stackBefore.indexOf('mark');
  const values = mark < 0 ? stackBefore.length : mark;
  // BUILD, and what appends to a list, sets items in a dict or adds items to a set.
  const changesTarget = stackBefore.length > 1 && stackBefore[0] === stackAfter[0];
  return {
    literal: stackBefore.length === 0 && stackAfter.length === 1 ? argument : null,
    takesMark: mark >= 0,
    pops: changesTarget ? values - 1 : values,
    changesTarget,
    pushes: stackAfter.length === 0 || changesTarget ? null : (LOOKS.get(name) ?? UNKNOWN),
  };
}
