// Control characters in text, made visible.

import type { LineBuffer } from './encode/line-buffer.ts';
import type { LogEvent } from './event/log-event.ts';
import type { LogRecord } from './event/log-record.ts';
import { Formatter } from './formatter.ts';

/** Every control character but tab and line feed: what a terminal may act on. */
const CONTROLS = /[^\P{Cc}\t\n]/gu;

/** The same, line feeds, and the separators that some readers end a line at. */
const LINE_BREAKS = /[^\P{Cc}\t]|[\u2028\u2029]/gu;

/** Text that a terminal only shows: C0 and C1 controls and DEL as `\x1b`, but tabs and line feeds as they are. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, visible);
}

/**
 * Text that is one line to every reader: as `escapeControls`, and line ends of all kinds as `\n`, `\r`, `\x85`,
 * `\u2028`. Backslashes stay single, so what was a line feed and what was `\n` from the start look alike.
 */
export function escapeLines(text: string): string {
  return text.replace(LINE_BREAKS, visible);
}

function visible(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
}

/** Another Formatter's text, with its control characters escaped: against log injection, and for terminals. */
export class EscapingFormatter extends Formatter {
  readonly #formatter: Formatter;
  readonly #escaped: (text: string) => string;
  /** Whether lines are written of events: the escapes are known to leave plain ASCII as it is. */
  readonly #isOwn: boolean;

  /** @param escaped what makes text safe to show: `escapeLines` (the default), `escapeControls`, or another */
  constructor(formatter: Formatter, escaped: (text: string) => string = escapeLines) {
    super();
    this.#formatter = formatter;
    this.#escaped = escaped;
    this.#isOwn = new.target === EscapingFormatter && (escaped === escapeLines || escaped === escapeControls);
  }

  /** Errors as the other Formatter's. */
  override format(record: LogRecord): string {
    return this.#escaped(this.#formatter.format(record));
  }

  /** Errors as the other Formatter's. */
  override encode(event: LogEvent, line: LineBuffer): void {
    if (!this.#isOwn || event.frame === null || !line.isUtf8) {
      this.encodeText(event, line);
      return;
    }
    this.#formatter.encode(event, line);
    if (line.isPlainFrom(0)) return;
    // What cannot be encoded is replaced after the escapes, not before.
    if (line.hasReplaced) this.encodeText(event, line);
    else line.string(this.#escaped(line.takeFrom(0)));
  }
}
