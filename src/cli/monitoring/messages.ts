// What the program itself has to say: lines on standard error, or records of the configuration's loggers `picklewire.…`.

import { ERROR, escapeLines, INFO, type Logger, type Manager, WARNING } from '../../logging/index.ts';
import { Throttle } from './throttle.ts';

/** The logger of a message, below `picklewire`. */
export type MessageSource = 'cli' | 'net' | 'receiver';

/** The longest message, in UTF-16 units: what a stranger sent may be in it. */
const TEXT_UNITS_MAX = 600;

/** Says things at a level, as the program. */
export class Messages {
  /** Whose loggers are asked whether they want the messages; null for standard error only. */
  manager: (() => Manager) | null = null;
  readonly #write: (line: string) => void;
  readonly #throttles: Map<MessageSource, Throttle>;

  /**
   * @param write where lines go, each with its end
   * @param now the clock of what is said of many things of a kind: see Throttle
   */
  constructor(write: (line: string) => void, now?: () => number) {
    this.#write = write;
    this.#throttles = new Map(
      (['cli', 'net', 'receiver'] as const).map((source) => [
        source,
        new Throttle((text, count) => this.say(source, WARNING, count === 1 ? text : `${count} more: ${text}`), now),
      ]),
    );
  }

  info(source: MessageSource, text: string): void {
    this.say(source, INFO, text);
  }

  error(source: MessageSource, text: string): void {
    this.say(source, ERROR, text);
  }

  /** A warning that may come often: see `Throttle.offer`. */
  warnOften(source: MessageSource, code: string, detail: string, text: string): void {
    this.#throttles.get(source)?.offer(code, detail, text);
  }

  /** What scripts wait for: a line on standard error, and a record where a logger wants it. */
  announce(source: MessageSource, text: string): void {
    const line = escapeLines(text);
    this.#write(`${line}\n`);
    this.#loggerOf(source)?.log(INFO, line);
  }

  say(source: MessageSource, level: number, text: string): void {
    const line = escapeLines(text.length > TEXT_UNITS_MAX ? `${text.slice(0, TEXT_UNITS_MAX)}…` : text);
    const logger = this.#loggerOf(source);
    if (logger === null) this.#write(`picklewire: ${line}\n`);
    else logger.log(level, line);
  }

  /** Null where the configuration says nothing of the program's own loggers: its root is for what others send. */
  #loggerOf(source: MessageSource): Logger | null {
    const name = `picklewire.${source}`;
    const manager = this.manager?.() ?? null;
    return manager === null || manager.loggerFor(name) === manager.root ? null : manager.getLogger(name);
  }
}
