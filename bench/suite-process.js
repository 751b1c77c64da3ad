// One suite in a process of its own, so that its numbers do not depend on which suites ran before it. Started by
// run.js with the suite's name and the options of `measure`; sends a Report and ends.

import { measure, median, speedRatio } from './measure.js';
import { startCPython } from './peers/cpython.js';
import { suites } from './suites/index.js';

/**
 * @typedef {object} Report
 * @property {string} suite
 * @property {string} unit
 * @property {number} bytesPerUnit
 * @property {string[]} subjects
 * @property {string[]} unable
 * @property {string | null} python
 * @property {Row[]} rows
 *
 * @typedef {object} Row
 * @property {string} task
 * @property {number} perSecond median of the rounds, in units per second
 * @property {number[]} ratios how many times as fast each subject is as this task: medians of the rounds' ratios
 * @property {number[]} rounds milliseconds for a pass
 */

const [name = '', options = ''] = process.argv.slice(2);
const entry = suites[name];
if (entry === undefined || process.send === undefined) throw new Error(`started by run.js with a suite, not '${name}'`);

const corpus = entry.corpus();
const python = await startCPython(corpus.payloads);
const { unit, count, subjects, tasks, unable = [] } = entry.suite(corpus, python);
const measured = await measure(tasks, JSON.parse(options));
python?.close();

/** @type {Report} */
const report = {
  suite: name,
  unit,
  bytesPerUnit: corpus.stream.length / count,
  subjects,
  unable,
  python: python?.version ?? null,
  rows: measured.map((task) => ({
    task: task.name,
    perSecond: (count / median(task.rounds)) * 1000,
    ratios: measured.filter(({ name: own }) => subjects.includes(own)).map((own) => speedRatio(own, task)),
    rounds: task.rounds,
  })),
};
process.send(report);
process.disconnect();
