// The text of a Windows path from the parts that a pickle gives, with drives (`C:`), shares (`\\server\name`) and devices
// (`\\?\…`, `\\.\…`) as Python 3.13 reads them anywhere. Never touches a file system.

/** What `str(PureWindowsPath(*parts))` gives. Source: `pathlib`, `ntpath.join`, `ntpath.splitroot`. Linear in the parts. */
export function windowsText(parts: readonly string[]): string {
  const path = joined(parts).replaceAll('/', '\\');
  const { drive, root, tail } = splitRoot(path);
  const names = tail.split('\\').filter((name) => name !== '' && name !== '.');
  const anchor = drive + (root === '' && isShare(drive) ? '\\' : root);
  // A first name such as `c:x`, out of `.\c:x`, must not turn into a drive.
  if (anchor === '' && letterDrive(names[0] ?? '') !== '') names.unshift('.');
  return anchor + names.join('\\') || '.';
}

/** A path taken apart: with both separators, nothing normalised, and `drive + root + tail` being the path. */
interface SplitPath {
  readonly drive: string;
  readonly root: string;
  readonly tail: string;
}

/** The parts one after the other, from the last one on that starts anew: with a root, or on another drive. */
function joined(parts: readonly string[]): string {
  let drive = '';
  let root = '';
  /** What is behind the root, in pieces of which none is empty. */
  let pieces: string[] = [];
  for (const part of parts) {
    const next = splitRoot(part);
    const otherDrive = next.drive !== '' && next.drive.toLowerCase() !== drive.toLowerCase();
    if (next.drive !== '') drive = next.drive;
    if (next.root !== '' || otherDrive) {
      root = next.root;
      pieces = [];
    } else if (pieces.length > 0 && !isSeparator(pieces.at(-1)?.at(-1))) {
      pieces.push('\\');
    }
    if (next.tail !== '') pieces.push(next.tail);
  }
  const needsSeparator = pieces.length > 0 && root === '' && drive !== '' && !/[:\\/]/.test(drive.at(-1) as string);
  return drive + (needsSeparator ? '\\' : root) + pieces.join('');
}

/** A share reaches up to its second separator, that of `\\?\UNC\server\name` behind the prefix. */
function splitRoot(path: string): SplitPath {
  let length = letterDrive(path).length;
  if (isSeparator(path[0]) && isSeparator(path[1])) {
    const server = separatorFrom(path, UNC_PREFIX.test(path) ? 8 : 2);
    length = separatorFrom(path, server + 1);
  } else if (length === 0 && !isSeparator(path[0])) {
    return { drive: '', root: '', tail: path };
  }
  const behind = isSeparator(path[length]) ? length + 1 : length;
  return { drive: path.slice(0, length), root: path.slice(length, behind), tail: path.slice(behind) };
}

const UNC_PREFIX = /^[\\/]{2}\?[\\/]UNC[\\/]/i;

/** Any one character, as Python counts them, and a colon; empty where there is none. */
function letterDrive(path: string): string {
  return /^[^\\/]:/u.exec(path)?.[0] ?? '';
}

/** Whether a drive is a server and its share, which has a root even if none is written. A device has not. */
function isShare(drive: string): boolean {
  if (!drive.startsWith('\\') || drive.endsWith('\\')) return false;
  const names = drive.split('\\');
  return (names.length === 4 && !'?.'.includes(names[2] as string)) || names.length === 6;
}

/** The index of the first separator from `start` on; the length of the path where there is none. */
function separatorFrom(path: string, start: number): number {
  for (let at = start; at < path.length; at++) if (isSeparator(path[at])) return at;
  return path.length;
}

function isSeparator(character: string | undefined): boolean {
  return character === '\\' || character === '/';
}
