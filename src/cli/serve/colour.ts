// Colour for terminals: the level's name, and nothing else.

import { Formatter, type LogRecord } from '../../logging/index.ts';

/** Whether the output shows colour and its user wants it (https://no-color.org). */
export function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Select Graphic Rendition codes, from the level that they begin at. */
const COLOURS: readonly (readonly [level: number, code: string])[] = [
  [50, '1;31'],
  [40, '31'],
  [30, '33'],
  [20, '32'],
  [10, '36'],
];
const PLAIN = '90';

/** By style: the fields of a format, and escaped signs, which begin none; the group is there for the level's name. */
const FIELDS: Readonly<Record<string, RegExp>> = {
  '%': /%%|(%\(levelname\)[-#0 +]*\d*(?:\.\d+)?[a-z])/g,
  // A field may have fields in it, for its width say: they are part of it.
  '{': /\{\{|\}\}|(\{levelname(?:[!:](?:[^{}]|\{[^{}]*\})*)?\})|\{(?:[^{}]|\{[^{}]*\})*\}/g,
  $: /\$\$|(\$levelname(?!\w)|\$\{levelname\})/g,
};

/** A part of a format that is the level's name, or one that has no level's name in it. */
interface Piece {
  readonly formatter: Formatter;
  readonly isLevel: boolean;
}

/**
 * Formats with the level's name in its colour, and all else escaped. The format is cut at the level's name: so widths
 * count what is seen, and the only codes that reach the terminal are the formatter's own.
 */
export class ColourFormatter extends Formatter {
  readonly #pieces: readonly Piece[];
  readonly #escaped: (text: string) => string;

  /**
   * @param escaped what makes text safe to show
   * @throws FormatError as `new Formatter`
   */
  constructor(format: string, datefmt: string | undefined, style: string, escaped: (text: string) => string) {
    super(format, datefmt, style);
    this.#pieces = cut(format, style).map(([text, isLevel]) => ({
      formatter: new Formatter(text, datefmt, style, false),
      isLevel,
    }));
    this.#escaped = escaped;
  }

  override format(record: LogRecord): string {
    const text = super.format(record);
    // Below the line come the traceback and the stack.
    const below = text.slice(super.formatMessage(record).length);
    const level = record.levelno ?? 0;
    const [, code] = COLOURS.find(([from]) => level >= from) ?? [0, PLAIN];
    const line = this.#pieces.map(({ formatter, isLevel }) => {
      const shown = this.#escaped(formatter.formatMessage(record));
      return isLevel ? `\u001b[${code}m${shown}\u001b[0m` : shown;
    });
    return line.join('') + this.#escaped(below);
  }
}

/** A format's parts, in order: what is the level's name, and what lies between. */
function cut(format: string, style: string): [text: string, isLevel: boolean][] {
  const parts: [string, boolean][] = [];
  let start = 0;
  for (const match of format.matchAll(FIELDS[style] as RegExp)) {
    if (match[1] === undefined) continue;
    parts.push([format.slice(start, match.index), false], [match[0], true]);
    start = match.index + match[0].length;
  }
  parts.push([format.slice(start), false]);
  // An empty part would be shown as the message, which is right of an empty format only.
  return format === '' ? parts : parts.filter(([text]) => text !== '');
}
