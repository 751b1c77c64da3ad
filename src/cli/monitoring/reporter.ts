// What the operator is told of a receiver: what it rejects, in words and with a remedy, and its counts in one line.

import type { Peer } from '../../net/index.ts';
import { type Receiver, type Rejection, rejectionTable } from '../../receiver/index.ts';
import { droppedText, type LossCounters } from './loss-counters.ts';
import type { Messages } from './messages.ts';
import { remedyFor } from './remedies.ts';

/** Milliseconds between two looks at what handlers dropped. */
const LOOK_INTERVAL_MS = 1000;

/** Watches a receiver and the handlers of its records. */
export class Reporter {
  readonly #receiver: Receiver;
  readonly #losses: LossCounters;
  readonly #messages: Messages;
  /** What was dropped at the last look. */
  #dropped: string | null = null;

  constructor(receiver: Receiver, losses: LossCounters, messages: Messages) {
    this.#receiver = receiver;
    this.#losses = losses;
    this.#messages = messages;
    receiver.on('rejected', (rejection) => this.#tell(rejection));
    receiver.on('acceptError', ({ message }) => {
      messages.warnOften('net', 'accept', message, `cannot accept a connection: ${message}`);
    });
    setInterval(() => this.#lookForDropped(), LOOK_INTERVAL_MS).unref();
  }

  /** What came in so far and what became of it, in one line. */
  summary(): string {
    const { records, connections, datagrams, rejected, truncated } = this.#receiver.stats;
    const sources = [count(connections, 'connection')];
    if (datagrams > 0) sources.push(count(datagrams, 'datagram'));
    const counts = [`${count(records, 'record')} from ${sources.join(' and ')}`];
    if (rejected > 0) counts.push(`${rejected} rejected`);
    if (truncated > 0) counts.push(`${truncated} cut off by the peer`);
    const dropped = droppedText(this.#losses.dropped());
    if (dropped !== null) counts.push(dropped);
    return counts.join(', ');
  }

  #tell(rejection: Rejection): void {
    const { code, global, signature, protocol, message, peer } = rejection;
    // Why a handshake failed is one of few things, and each is mended differently.
    const handshake = code === 'ERR_TLS_HANDSHAKE' ? message : '';
    const remedy = remedyFor(rejection);
    const text = `rejected from ${nameOf(peer)}: ${message}${remedy === null ? '' : `; ${remedy}`} [${code}]`;
    this.#messages.warnOften(rejectionTable[code].source, code, global ?? signature ?? protocol ?? handshake, text);
  }

  #lookForDropped(): void {
    const dropped = droppedText(this.#losses.dropped());
    if (dropped === this.#dropped) return;
    this.#dropped = dropped;
    const why = 'the output is slower than the senders, and --max-backlog is full';
    this.#messages.warnOften('receiver', 'dropped', '', `${dropped} so far: ${why}`);
  }
}

function nameOf(peer: Peer | null): string {
  if (peer === null) return 'an unknown sender';
  if (peer.transport === 'unix') return 'a Unix socket';
  const { remoteAddress = 'unknown', remotePort = 0, subject } = peer;
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return `${host}:${remotePort}${subject === null ? '' : ` (${subject})`}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}
