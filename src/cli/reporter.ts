// What the operator is told: each kind of trouble once, the rest as counts.

import { Tally } from '../logging/index.ts';
import type { Receiver, Rejection } from '../receiver/index.ts';

/** The longest name of a global that is told from others, in UTF-16 units: a stranger's may be as long as a frame. */
const MAX_NAME = 200;

/** Watches a receiver and says in one line what it rejects, the first time it rejects for that reason. */
export class Reporter {
  readonly #receiver: Receiver;
  readonly #reasons: Tally = new Tally();

  constructor(receiver: Receiver, say: (line: string) => void) {
    this.#receiver = receiver;
    receiver.on('rejected', (rejection) => {
      if (this.#reasons.add(reasonOf(rejection))) say(lineOf(rejection));
    });
  }

  /** What came in so far, in one line. */
  summary(): string {
    const { records, connections, rejected, truncated } = this.#receiver.stats;
    const counts = [`${count(records, 'record')} from ${count(connections, 'connection')}`];
    if (rejected > 0) counts.push(`${rejected} rejected`);
    if (truncated > 0) counts.push(`${truncated} cut off by the peer`);
    return counts.join(', ');
  }
}

/** Rejections of one reason are said once. */
function reasonOf({ code, global }: Rejection): string {
  return global === null || global.length > MAX_NAME ? code : `${code} ${global}`;
}

function lineOf({ code, message, connection }: Rejection): string {
  const peer = `${connection.remoteAddress ?? 'unknown'}:${connection.remotePort ?? 0}`;
  const text = `rejected from ${peer}: ${message} [${code}]; more of this kind is only counted`;
  // Part of the message came over the wire; a terminal must not take it for commands.
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
