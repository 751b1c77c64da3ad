// Widths of text in characters, as Python counts them: one for each code point.

/** The first `count` characters. */
export function truncate(text: string, count: number): string {
  if (text.length <= count) return text;
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) end += unitsAt(text, end);
  return text.slice(0, end);
}

/** Fills up to `width` characters with spaces, behind the text where `left` says that it stands on the left. */
export function pad(text: string, width: number, left: boolean): string {
  const missing = width - text.length;
  // A character takes two units at most, so that only a text shorter than twice the width need be counted.
  if (missing <= -width || width <= 0) return text;
  const fill = missing + astralCharacters(text);
  if (fill <= 0) return text;
  return left ? text + spaces(fill) : spaces(fill) + text;
}

/** Those of most columns, which are narrow: `repeat` takes longer than all else about a line. */
const SPACES: readonly string[] = Array.from({ length: 64 }, (_, count) => ' '.repeat(count));

/** A text of spaces. */
export function spaces(count: number): string {
  return SPACES[count] ?? ' '.repeat(count);
}

/** On which side of its column a text stands; with `^` in the middle, a character left over goes to its right. */
export type Side = '<' | '>' | '^';

/** Fills up to `width` characters with any character. */
export function align(text: string, width: number, fill: string, side: Side): string {
  if (width <= 0) return text;
  const missing = width - characters(text);
  if (missing <= 0) return text;
  const left = side === '>' ? missing : side === '^' ? missing >> 1 : 0;
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

/** The length of a text in characters. */
export function characters(text: string): number {
  return text.length - astralCharacters(text);
}

/** How many characters of a text take two UTF-16 units. */
function astralCharacters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (unitsAt(text, at) === 2) {
      count += 1;
      at += 1;
    }
  }
  return count;
}

/** Whether a text is a single character. */
export function isOneCharacter(text: string): boolean {
  return text !== '' && unitsAt(text, 0) === text.length;
}

function unitsAt(text: string, at: number): 1 | 2 {
  if ((text.charCodeAt(at) & 0xfc00) !== 0xd800) return 1;
  return (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
}
