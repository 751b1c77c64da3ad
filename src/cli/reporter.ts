// What the operator is told: each kind of trouble once, the rest as counts.

import { Tally } from '../logging/index.ts';
import type { Receiver, Rejection } from '../receiver/index.ts';

/** Watches a receiver and says in one line what it rejects, the first time it rejects for that reason. */
export class Reporter {
  readonly #receiver: Receiver;
  readonly #reasons: Tally = new Tally();

  constructor(receiver: Receiver, say: (line: string) => void) {
    this.#receiver = receiver;
    receiver.on('rejected', (rejection) => {
      if (this.#reasons.add(reasonOf(rejection))) say(lineOf(rejection));
    });
    receiver.on('acceptError', (error) => {
      const reason = `cannot accept a connection: ${error.message}`;
      if (this.#reasons.add(reason)) say(`${reason}; more of this kind is only counted`);
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
function reasonOf({ code, global, signature }: Rejection): string {
  const detail = global ?? signature;
  return detail === null ? code : `${code} ${detail}`;
}

function lineOf({ code, message, connection }: Rejection): string {
  const peer = `${connection.remoteAddress ?? 'unknown'}:${connection.remotePort ?? 0}`;
  return `rejected from ${peer}: ${message} [${code}]; more of this kind is only counted`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
