// Colour for terminals: the level's name, and nothing else.

import { Formatter, type LogRecord } from '../logging/index.ts';

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

/** The conversions of the level's name; `%%` stands first, so that what follows it is not taken for one. */
const LEVEL_NAME = /%%|%\(levelname\)[-#0 +]*\d*(?:\.\d+)?s/g;

/**
 * Formats with the level's name in its colour. The colour stands around the conversion in the format, so that widths
 * count what is seen; there is one formatter for each colour.
 */
export class ColourFormatter extends Formatter {
  readonly #formatters: ReadonlyMap<string, Formatter>;

  /** @throws FormatError as `new Formatter` */
  constructor(format: string, datefmt?: string) {
    super(format, datefmt);
    const codes = [...COLOURS.map(([, code]) => code), PLAIN];
    const coloured = (code: string): string =>
      format.replace(LEVEL_NAME, (found) => (found === '%%' ? found : `\u001b[${code}m${found}\u001b[0m`));
    this.#formatters = new Map(codes.map((code) => [code, new Formatter(coloured(code), datefmt)]));
  }

  override format(record: LogRecord): string {
    const level = record.levelno ?? 0;
    const [, code] = COLOURS.find(([from]) => level >= from) ?? [0, PLAIN];
    return (this.#formatters.get(code) as Formatter).format(record);
  }
}
