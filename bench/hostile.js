// How long does the decoder take over pickles made to hurt it? Runs the tests of project `hostile`, in a heap of 256 MB, and
// prints the time of each case, the longest first. Over two seconds is a defect: exit code 1.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const DEFECT = 2000;
const SHOWN = 40;

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', '--project', 'hostile', '--reporter=json'];
const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
const report = JSON.parse(stdout.slice(stdout.indexOf('{')));

/** @type {{ fullName: string, duration: number, status: string }[]} */
const cases = report.testResults.flatMap((/** @type {any} */ file) => file.assertionResults);
cases.sort((a, b) => (b.duration ?? 0) - (a.duration ?? 0));
for (const { fullName, duration = 0, status } of cases.slice(0, SHOWN)) {
  console.log(
    `${duration.toFixed(1).padStart(8)} ms  ${status === 'passed' ? '' : `${status}: `}${fullName.slice(0, 120)}`,
  );
}
const slow = cases.filter(({ duration }) => duration > DEFECT).length;
const failed = cases.filter(({ status }) => status === 'failed').length;
console.log(`\n${cases.length} cases; ${slow} over ${DEFECT} ms; ${failed} failed; the ${SHOWN} longest are shown`);
process.exitCode = slow + failed > 0 || cases.length === 0 ? 1 : 0;
