// Files of keys that frames are signed with, one to a line. No part of a key is ever in a message.

import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';

import { KEY_BYTES_MIN } from './frame-verifier.ts';

/** A key file that cannot be used: its message names the file and, where there is one, the line. */
export class KeyFileError extends Error {
  override readonly name: string = 'KeyFileError';
}

/** The permissions of all users but the file's owner and its group. */
const OTHERS = 0o007;

const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^(?:[0-9a-z+/]{4})*(?:[0-9a-z+/]{2}==|[0-9a-z+/]{3}=)?$/i;

/**
 * The keys of a file, in its order: on each line a key of 32 bytes or more in hex or base64, a comment from `#` on, or
 * nothing.
 * @throws KeyFileError when others than the owner and the group may read or write the file (not looked at on Windows,
 *   which has no such permissions), when a line is no key, or when there is no key; the system's error when the file
 *   cannot be read
 */
export function readKeyFile(path: string): Uint8Array[] {
  const file = openSync(path, 'r');
  try {
    const mode = fstatSync(file).mode & 0o777;
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
      const found = mode.toString(8).padStart(4, '0');
      throw new KeyFileError(`${path} is open to everybody on this machine (mode ${found}): make it 0600 or 0640`);
    }
    return keysOf(readFileSync(file, 'utf8'), path);
  } finally {
    closeSync(file);
  }
}

function keysOf(text: string, path: string): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [written] = line.split('#', 1);
    const key = keyOf(written!.trim());
    if (key === null) throw new KeyFileError(`${path}, line ${index + 1}: a key is written in base64 or hex`);
    if (key.length === 0) continue;
    if (key.length < KEY_BYTES_MIN) {
      const length = `has ${KEY_BYTES_MIN} bytes or more, and this one ${key.length}`;
      throw new KeyFileError(`${path}, line ${index + 1}: a key ${length}`);
    }
    keys.push(key);
  }
  if (keys.length === 0) throw new KeyFileError(`${path} has no key in it`);
  return keys;
}

/** The bytes of a key, or null for other text. Text that could be either is hex: 48 random bytes in base64 never look so. */
function keyOf(text: string): Uint8Array | null {
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  return BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}
