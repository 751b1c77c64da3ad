// What a file of `node --cpu-prof` says, in few lines: where the time went by part and by function. Measures nothing.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ functionName: string, url: string, lineNumber: number }} CallFrame
 * @typedef {{ nodes: { id: number, callFrame: CallFrame }[], samples: number[], timeDeltas: number[] }} Profile
 */

const FUNCTIONS = 25;

/**
 * @param {string} folder with one profile in it
 * @returns {[string, number][][]} two lists, most first: by part, then by function; each with its share, of 1, of the
 *   time that the process was not idle
 */
export function profileIn(folder) {
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`no profile was written to ${folder}`);
  /** @type {Profile} */
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  /** @type {[Map<string, number>, Map<string, number>]} */
  const [parts, functions] = [new Map(), new Map()];
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const time = timeDeltas[i] ?? 0;
    busy += time;
    add(parts, partOf(frame), time);
    add(functions, nameOf(frame), time);
  }
  return [parts, functions].map((times) =>
    [...times]
      .map(([name, time]) => /** @type {[string, number]} */ ([name, time / busy]))
      .sort((a, b) => b[1] - a[1])
      .slice(0, FUNCTIONS),
  );
}

/** @param {CallFrame} frame a folder of dist/, a package, Node itself, or what V8 puts in parentheses */
function partOf({ functionName, url }) {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return 'node:';
  // A package may have a dist/ of its own.
  const found = /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? /\/dist\/(\w+)\//.exec(url);
  return found?.[1] ?? 'other';
}

/** @param {CallFrame} frame */
function nameOf({ functionName, url, lineNumber }) {
  const file = url.replace(/^.*\/(?:dist|node_modules)\//, '');
  return file === '' ? functionName : `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}`;
}

/** @param {Map<string, number>} times @param {string} name @param {number} time */
function add(times, name, time) {
  times.set(name, (times.get(name) ?? 0) + time);
}
