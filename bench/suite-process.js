// One suite in a process of its own, so that its numbers do not depend on which suites ran before it. Started by
// run-suite.js with the suite's name and a Request; sends what it measured and ends.

import { MEASURED_CORE, stayOn } from './cores.js';
import { measure } from './measure.js';
import { startCPython } from './peers/cpython.js';
import { suites } from './suites/index.js';

/**
 * @typedef {object} Request
 * @property {number} rounds
 * @property {number} time how long each task runs in each round, in milliseconds
 * @property {number} [warmup] how long each task runs before the first round, in milliseconds
 * @property {boolean} [others] false to leave out the peers that are only shown
 *
 * @typedef {object} Timed a report of one process, before anything is made of its times
 * @property {string} suite
 * @property {string} unit
 * @property {number} count
 * @property {number} bytesPerUnit
 * @property {string[]} subjects
 * @property {string[]} unable
 * @property {string | null} python
 * @property {{ task: string, role: 'own' | 'reference' | 'other', rounds: number[] }[]} tasks milliseconds for a pass
 */

const [name = '', text = ''] = process.argv.slice(2);
const entry = suites[name];
if (entry === undefined || process.send === undefined) throw new Error(`started for a suite, not for '${name}'`);

/** @type {Request} */
const { others = true, ...request } = JSON.parse(text);
// And with it the Python that it starts: cores of a shared machine differ by as much as half, for minutes.
stayOn(MEASURED_CORE);
const corpus = entry.corpus();
const python = await startCPython(corpus.payloads);
const { unit, count, subjects, tasks, unable = [] } = entry.suite(corpus, python);
const wanted = tasks.filter(({ role }) => others || role !== 'other');
const measured = await measure(wanted, request);
python?.close();

/** @type {Timed} */
const timed = {
  suite: name,
  unit,
  count,
  bytesPerUnit: corpus.stream.length / count,
  subjects,
  unable,
  python: python?.version ?? null,
  tasks: measured.map((task, i) => ({ task: task.name, role: wanted[i]?.role ?? 'own', rounds: task.rounds })),
};
process.send(timed);
process.disconnect();
