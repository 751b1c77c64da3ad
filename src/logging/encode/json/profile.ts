// What a profile of JsonFormatter is, and what profiles share: extras under names that are free. Knows no profile.

import type { LogRecord } from '../../event/log-record.ts';
import { quote } from './quote.ts';
import type { Room } from './room.ts';

/** A record as the text of one JSON object. */
export type Profile = (record: LogRecord, message: string, room: Room) => string;

/**
 * The extras as members. Whatever their names are, no two members of an object get the same:
 *
 * - a name that the profile uses itself gets `_` behind it, as often as it must;
 * - one that begins with `$` gets another `$` in front, as keys do in `toJSON`;
 * - keys that are no text stand together under `$dict`, as pairs of key and value.
 *
 * @param taken whether the profile uses a name itself
 * @param written whether the profile has written an extra elsewhere
 */
export function extraMembers(
  record: LogRecord,
  room: Room,
  taken: (name: string) => boolean,
  written: (name: string, value: unknown) => boolean = () => false,
): string {
  let members = '';
  let pairs = '';
  for (const [key, value] of record.extras) {
    if (typeof key !== 'string') {
      pairs += `${pairs === '' ? '' : ','}[${room.json(key)},${room.json(value)}]`;
    } else if (!written(key, value)) {
      members += `,${quote(freeName(key, record, taken))}:${room.json(value)}`;
    }
  }
  return pairs === '' ? members : `${members},"$dict":[${pairs}]`;
}

function freeName(name: string, { extras }: LogRecord, taken: (name: string) => boolean): string {
  if (name.startsWith('$')) return `$${name}`;
  if (!taken(name)) return name;
  let free = `${name}_`;
  while (taken(free) || extras.has(free)) free += '_';
  return free;
}
