// The exception that the text of a traceback ends in.

/** What an exception's last lines say. */
export interface RaisedException {
  /** The class, with its module unless that is `builtins`: `ValueError`, `json.decoder.JSONDecodeError`. */
  readonly type: string;
  /** Its text, of any number of lines, and the notes after it if it has some. */
  readonly message: string;
}

/** The line that begins a traceback, and what the lines of its exception begin with: plain, and of a group. */
const PLAIN = ['Traceback (most recent call last):\n', ''] as const;
const GROUP = ['  + Exception Group Traceback (most recent call last):\n', '  | '] as const;

/** A dotted name of identifiers; a class made inside a function has `<locals>` in its own. */
const CLASS = /^(?:[\p{L}\p{N}_]+|<locals>)(?:\.(?:[\p{L}\p{N}_]+|<locals>))*$/u;

/**
 * The exception of a traceback as Python's `traceback` module prints it: of a chain the last, of a group the group.
 * Null for text that is none, as a sender's own formatter may make.
 */
export function raisedException(text: string): RaisedException | null {
  const [plain, group] = [lastBlock(text, PLAIN[0]), lastBlock(text, GROUP[0])];
  const [header, margin] = plain > group ? PLAIN : GROUP;
  const block = Math.max(plain, group);
  if (block < 0) return null;
  for (let start = block + header.length; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    // The lines of the stack are indented.
    if (text.startsWith(margin, start) && text[start + margin.length] !== ' ') {
      // A group's own text ends with its line: its members follow.
      return readException(text.slice(start + margin.length, margin === '' ? text.length : end));
    }
    start = end + 1;
  }
  return null;
}

/** Where the last block with this header begins, -1 for none. One that an exception quotes in its text is none. */
function lastBlock(text: string, header: string): number {
  // What is searched for does not begin with blanks, as tracebacks are full of them.
  const key = header.trimStart();
  const indent = header.length - key.length;
  let last = -1;
  for (let found = text.indexOf(key); found >= 0; found = text.indexOf(key, found + 1)) {
    const at = found - indent;
    // In a chain, a sentence that ends in a colon and an empty line stand before it.
    if (at >= 0 && text.startsWith(header, at) && (at === 0 || text.endsWith(':\n\n', at))) last = at;
  }
  return last;
}

function readException(text: string): RaisedException | null {
  const [type] = /^[^\n:]*/.exec(text) as RegExpExecArray;
  if (!CLASS.test(type)) return null;
  return { type, message: text.slice(type.length).replace(/^: /, '').replace(/\n$/, '') };
}
