// node scripts/mutation.js PAGE REPORT...
// Writes the score of Stryker's JSON reports, each of some files, between the <!-- mutation --> lines of a page. Fails when
// a mutant survived in the gate or the limits. Runs no test itself: `npm run mutation` does.

import { readFileSync, writeFileSync } from 'node:fs';

/** @typedef {{ found: number, missed: number }} Score */

const MARKS = /(?<=<!-- mutation -->\n)[\s\S]*(?=<!-- \/mutation -->)/;

/** The parts of src/pickle, in order: a file belongs to the first that it matches. No mutant may survive in a guarded one. */
const PARTS = [
  { name: 'the policy gate', files: /^(?:globals|instances)\.ts$/, guarded: true },
  { name: 'the limits', files: /^(?:limits|extent|memo|key-spread)\.ts$/, guarded: true },
  { name: 'the decoder', files: /^[^/]*$/, guarded: false },
  { name: 'constructors and values', files: /^(?:constructors|values)\//, guarded: false },
  { name: '`repr` and JSON', files: /^(?:repr|json)\//, guarded: false },
  { name: 'disassembler and scanner', files: /^(?:disassemble|scan)\//, guarded: false },
];

const [page, ...reports] = process.argv.slice(2);
if (page === undefined || reports.length === 0) throw new Error('which page, and which reports?');

/** Of a file that is in several reports, the last one's. */
const files = /** @type {Record<string, { mutants: { status: string }[] }>} */ (
  Object.assign({}, ...reports.map((report) => JSON.parse(readFileSync(report, 'utf8')).files))
);
const scores = PARTS.map(() => ({ found: 0, missed: 0 }));
for (const [path, { mutants }] of Object.entries(files)) {
  const file = path.replace(/^.*src\/pickle\//, '');
  const score = scores[PARTS.findIndex((part) => part.files.test(file))];
  if (score === undefined) throw new Error(`${path} belongs to no part`);
  for (const { status } of mutants) {
    if (status === 'Killed' || status === 'Timeout') score.found++;
    else if (status === 'Survived' || status === 'NoCoverage') score.missed++;
  }
}

const all = scores.reduce((sum, { found, missed }) => ({ found: sum.found + found, missed: sum.missed + missed }));
const rows = [...PARTS.map(({ name }, i) => row(name, scores[i])), row('**all of `src/pickle`**', all)];
const table = ['| part | mutants | found | score |', '| --- | ---: | ---: | ---: |', ...rows].join('\n');
process.stdout.write(`${table}\n`);

const text = readFileSync(page, 'utf8');
if (!MARKS.test(text)) throw new Error(`${page} has no <!-- mutation --> and <!-- /mutation --> lines`);
writeFileSync(
  page,
  text.replace(MARKS, () => `\n${table}\n\n`),
);

const broken = PARTS.filter(({ guarded }, i) => guarded && scores[i]?.missed !== 0).map(({ name }) => name);
if (broken.length > 0) throw new Error(`mutants survived in ${broken.join(' and ')}`);

/**
 * @param {string} name
 * @param {Score} [score]
 */
function row(name, { found, missed } = { found: 0, missed: 0 }) {
  const mutants = found + missed;
  const percent = mutants === 0 ? '' : `${((100 * found) / mutants).toFixed(1)} %`;
  return `| ${name} | ${mutants.toLocaleString('en')} | ${found.toLocaleString('en')} | ${percent} |`;
}
