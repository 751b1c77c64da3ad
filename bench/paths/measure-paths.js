// The configurations by turns, each in a process of its own: all of them are there all the time, share one core, and get
// all records once in each round. Prints nothing.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { corpusNamed } from '../corpora.js';
import { temporaryFolder, timeRound, writtenTo } from '../end-to-end/round.js';
import { Sender } from '../end-to-end/sender.js';
import { speedSpread } from '../measure.js';
import { configurations } from './configurations.js';
import { expectedOf } from './expected.js';

/**
 * @import { Ratios, Spread } from '../compare.js'
 * @import { Receiver } from '../end-to-end/receivers.js'
 * @import { Output } from '../end-to-end/round.js'
 * @import { Bound, Configuration } from './configurations.js'
 * @import { Expected } from './expected.js'
 *
 * @typedef {object} Request
 * @property {string} fixture
 * @property {number} rounds in all
 * @property {number} processes of each configuration, one after the other
 * @property {number} passes through the fixture's records in each round: few, so that what else the machine does meets
 *   a configuration and what it is held against alike
 * @property {(name: string) => boolean} [wanted] all of them without it; what they are held against comes along
 *
 * @typedef {object} Path
 * @property {string} name
 * @property {Bound | null} bound
 * @property {number[]} rounds microseconds of processor time for a record
 *
 * @typedef {{ receiver: Receiver, folder: string, configuration: Configuration }} Started
 */

/** Passes before the first round that counts, in which V8 compiles what it will run. */
const WARM_UP = 200;

/**
 * The rounds are shared out among so many processes of each configuration, one set after the other: what V8 happened to
 * optimise in one of them is part of the spread then, and not of the result.
 * @param {Request} request
 * @returns {Promise<Path[]>} none where none is wanted
 */
export async function measurePaths({ fixture, rounds, processes, passes, wanted = () => true }) {
  const chosen = configurations.filter(({ name, bound }) => bound !== undefined && wanted(name));
  const needed = new Set(chosen.flatMap(({ name, bound }) => [name, bound?.against]));
  const paths = configurations
    .filter(({ name }) => needed.has(name))
    .map((configuration) => ({ configuration, rounds: /** @type {number[]} */ ([]) }));
  const corpus = corpusNamed(fixture);
  const expected = expectedOf(corpus);
  const records = corpus.payloads.length * passes;
  const folder = temporaryFolder();
  const sender = new Sender(corpus.stream);
  try {
    for (let left = rounds, set = 0; left > 0; set++) {
      const share = Math.ceil(left / Math.max(1, processes - set));
      await withReceivers(paths, join(folder, String(set)), sender, async (started) => {
        const outputs = await Promise.all(started.map((each) => checkedOutputs(each, expected)));
        const round = async (/** @type {number} */ i, /** @type {number} */ count) =>
          timeRound(sender, /** @type {Started} */ (started[i]).receiver, outputs[i] ?? [], count);
        for (const [i, { configuration }] of paths.entries()) await round(i, configuration.warmUp ?? WARM_UP);
        for (let done = 0; done < share; done++) {
          for (const [i, path] of paths.entries()) {
            const { processor } = await round(i, passes);
            if (processor === null) throw new Error('a receiver does not tell what it has used');
            path.rounds.push((processor * 1000) / records);
          }
        }
      });
      left -= share;
    }
  } finally {
    sender.close();
  }
  return paths.map(({ configuration: { name, bound = null }, rounds: own }) => ({ name, bound, rounds: own }));
}

/**
 * Starts a receiver of each configuration, and sends it one pass; they are gone, and their files, when `run` is done.
 * @param {readonly { configuration: Configuration }[]} paths
 * @param {string} folder
 * @param {Sender} sender
 * @param {(started: readonly Started[]) => Promise<void>} run
 */
async function withReceivers(paths, folder, sender, run) {
  /** @type {Started[]} */
  const started = [];
  try {
    for (const { configuration } of paths) {
      const own = join(folder, String(started.length));
      mkdirSync(own, { recursive: true });
      const receiver = await configuration.start(own);
      started.push({ receiver, folder: own, configuration });
      await sender.send(receiver.port, 1);
    }
    await run(started);
  } finally {
    for (const { receiver } of started) receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * How many times the cost of what it is held against: the median of the rounds, and their middle half.
 * @param {Path} path
 * @param {readonly Path[]} all
 * @returns {Spread | null} null for what is not held against anything
 */
export function costOf(path, all) {
  const base = all.find(({ name }) => name === path.bound?.against);
  return base === undefined ? null : speedSpread(base, path);
}

/**
 * The same as suites have it: how many times as fast each is as what it is held against.
 * @param {readonly Path[]} all
 * @returns {Ratios[string]}
 */
export function speedsOf(all) {
  return Object.fromEntries(
    all.flatMap((path) => {
      const base = all.find(({ name }) => name === path.bound?.against);
      return base === undefined ? [] : [[path.name, { [base.name]: speedSpread(path, base) }]];
    }),
  );
}

/**
 * Whoever is timed has written what it should of one pass.
 * @param {Started} started
 * @param {Expected} expected
 * @returns {Promise<Output[]>}
 */
async function checkedOutputs({ receiver, folder, configuration: { name, writes } }, expected) {
  const files = Object.keys(writes).map((file) => join(folder, file));
  const written = await writtenTo(receiver, files);
  return Object.values(writes).map((kind, i) => {
    const [file = '', bytes = Buffer.alloc(0)] = [files[i], written[i]];
    try {
      expected[kind](bytes);
    } catch (cause) {
      throw new Error(`${name} writes something else to its file`, { cause });
    }
    return { file, length: bytes.length };
  });
}
