// Numbers for Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/); loaded, with prom-client, only
// where they are asked for.

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { BoundedCounter, escapeLines, type LogEvent, OTHERS } from '../../logging/index.ts';
import {
  type Receiver,
  type ReceiverStats,
  type Rejection,
  type RejectionMetric,
  rejectionTable,
} from '../../receiver/index.ts';
import { Histogram } from './histogram.ts';
import { LEVELS, type LossCounters, OTHER_LEVEL } from './loss-counters.ts';

/** Seconds; a sender's clock, its network and a backlog of its own are all in them. */
const LAG_BUCKETS_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 3600];

/** Seconds. Whatever time a sender makes up, the sum of all stays a number that means something. */
const LAG_SECONDS_MAX = 365 * 86_400;

/** What the receiver counts anyway, by the name of its metric: read when they are asked for. */
const COUNTS: readonly [name: string, help: string, stat: keyof ReceiverStats][] = [
  ['connections_total', 'Connections accepted.', 'connections'],
  ['frames_total', 'Whole frames received.', 'frames'],
  ['received_bytes_total', 'Bytes received.', 'bytes'],
  ['datagrams_total', 'Datagrams received.', 'datagrams'],
  ['truncated_total', 'Connections that ended inside a frame.', 'truncated'],
];

/** What counts rejections, and what tells those of one metric apart. */
const REJECTIONS: Readonly<Record<RejectionMetric, readonly [help: string, label: 'reason' | 'protocol' | null]>> = {
  decode_errors: ['Frames that gave no record.', 'reason'],
  refused: ['Senders turned away.', 'reason'],
  wrong_protocol: ['Connections that spoke another protocol.', 'protocol'],
  oversize: ['Frames over the limit, skipped.', null],
  over_budget: ['Frames that found no room among the unfinished ones, skipped.', null],
  idle_timeout: ['Connections closed for their silence inside a frame.', null],
};

const GAUGES: readonly [name: string, help: string, stat: keyof ReceiverStats][] = [
  ['open_connections', 'Connections open.', 'open'],
  [
    'unfinished_bytes',
    'Bytes of --max-unfinished that are taken: frames that are not whole yet, beyond 4 KiB each.',
    'unfinished',
  ],
];

/** The metrics of one receiver and of the handlers of its records. */
export class Metrics {
  readonly #registry: Registry = new Registry();
  /** Records by level: those of LEVELS, then all others. */
  readonly #records: number[] = new Array<number>(LEVELS.length + 1).fill(0);
  readonly #lag: Histogram = new Histogram(
    'picklewire_receive_lag_seconds',
    'Time from a record’s creation, by its sender’s clock, to its arrival.',
    LAG_BUCKETS_SECONDS,
  );
  /** By metric, then by its label. */
  readonly #rejections: Map<RejectionMetric, BoundedCounter> = new Map();
  readonly #forbidden: BoundedCounter = new BoundedCounter();

  constructor() {
    this.#counter('records_total', 'Records handled.', 'level', () => this.#recordsByLevel());
    this.#counter('forbidden_globals_total', 'Globals refused, by name.', 'global', () => this.#forbidden);
    for (const metric of Object.keys(REJECTIONS) as RejectionMetric[]) {
      const [help, label] = REJECTIONS[metric];
      const counts = new BoundedCounter(label === null ? [['', 0]] : []);
      this.#rejections.set(metric, counts);
      this.#counter(`${metric}_total`, help, label, () => counts);
    }
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts a record that has arrived. */
  readonly onRecord = (record: Pick<LogEvent, 'levelno' | 'created'>): void => {
    const index = Number(record.levelno) / 10 - 1;
    // Where that is no standard level's place, it is counted behind them all.
    this.#records[index in LEVELS ? index : LEVELS.length]!++;
    const lag = Date.now() / 1000 - record.created;
    // Also where the sender's clock is ahead, or its time is no number.
    this.#lag.observe(lag > 0 ? Math.min(lag, LAG_SECONDS_MAX) : 0);
  };

  /** Takes the counts of a receiver, and of what handlers lose of its records, from now on. */
  watch(receiver: Receiver, losses: LossCounters): void {
    receiver.on('rejected', (rejection) => this.#count(rejection));
    for (const [name, help, stat] of COUNTS) {
      this.#counter(name, help, null, () => [['', receiver.stats[stat]]]);
    }
    for (const [name, help, stat] of GAUGES) {
      new Gauge({
        name: `picklewire_${name}`,
        help,
        registers: [this.#registry],
        collect() {
          this.set(receiver.stats[stat]);
        },
      });
    }
    this.#counter('handler_errors_total', 'Records or writes that failed.', 'handler', () =>
      Array.from(losses.counts(), ([handler, { errors }]) => [handler, errors]),
    );
    new Counter({
      name: 'picklewire_dropped_total',
      help: 'Records that a handler had no room for.',
      labelNames: ['handler', 'level'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [handler, { dropped }] of losses.counts()) {
          for (const level of [...LEVELS, OTHER_LEVEL]) this.inc({ handler, level }, dropped.get(level) ?? 0);
        }
      },
    });
  }

  /** The content type and the text of all metrics now. */
  async text(): Promise<readonly [contentType: string, text: string]> {
    return [this.#registry.contentType, `${await this.#registry.metrics()}\n${this.#lag.text()}`];
  }

  #recordsByLevel(): Iterable<readonly [string, number]> {
    return this.#records.map((count, index) => [LEVELS[index] ?? OTHER_LEVEL, count]);
  }

  #count({ code, global, protocol }: Rejection): void {
    const { metric } = rejectionTable[code];
    const [, label] = REJECTIONS[metric];
    const value = label === 'reason' ? code : label === 'protocol' ? (protocol ?? 'unknown') : '';
    this.#rejections.get(metric)?.add(value);
    if (code === 'ERR_PICKLE_FORBIDDEN_GLOBAL' && global !== null) this.#forbidden.add(escapeLines(global));
  }

  /** A counter whose values, by its label if it has one, are counted elsewhere. */
  #counter(name: string, help: string, label: string | null, values: () => Iterable<readonly [string, number]>): void {
    new Counter({
      name: `picklewire_${name}`,
      help,
      labelNames: label === null ? [] : [label],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [key, value] of values()) {
          if (label === null) this.inc(value);
          else this.inc({ [label]: key === OTHERS ? 'other' : key }, value);
        }
      },
    });
  }
}
