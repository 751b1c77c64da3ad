// A CPython in a child process, which decodes the same bytes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./cpython.py', import.meta.url));

/**
 * @typedef {object} CPython
 * @property {string} version
 * @property {Record<string, unknown>[]} dicts the payloads, decoded
 * @property {Record<string, string[]>} lines the records as text, by the task that makes it
 * @property {(task: string) => () => Promise<{ overriddenDuration: number }>} task for tinybench: one pass over the
 *   payloads, which the child times itself
 * @property {() => void} close
 */

/**
 * Starts `python3`, or the program that the environment's PYTHON names.
 * @param {readonly Uint8Array[]} payloads
 * @returns {Promise<CPython | null>} null where there is none
 */
export async function startCPython(payloads) {
  const child = spawn(process.env['PYTHON'] || 'python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child, 'spawn');
  } catch {
    return null;
  }
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  /** @param {object} request */
  const ask = async (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the Python peer has ended');
    return JSON.parse(value);
  };

  const encoded = payloads.map((payload) => Buffer.from(payload).toString('base64'));
  const { version, dicts, lines } = await ask({ do: 'load', payloads: encoded });
  return {
    version,
    dicts,
    lines,
    task: (task) => async () => ({ overriddenDuration: (await ask({ do: task })).nanoseconds / 1e6 }),
    close: () => child.stdin.end(),
  };
}
