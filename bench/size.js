// npm run size [-- --markdown FILE]
// What src/pickle weighs in a browser, minified and gzipped: as a whole, and where only a part of it is imported.

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { rolldown, VERSION } from 'rolldown';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';

const SOURCE = fileURLToPath(new URL('../src/pickle/index.ts', import.meta.url));
/** What a program may take of it: how the table calls that, and how a module says it. */
const SELECTIONS = Object.entries({ everything: '*', 'only `unpickle`': '{ unpickle }' });
/** The module that does so; it is in no file. */
const ENTRY = 'entry.js';

const { values } = parseArgs({ options: { markdown: { type: 'string' } } });

const rows = [['', 'minified', 'gzipped']];
for (const [label, names] of SELECTIONS) {
  const code = Buffer.from(await bundled(`export ${names} from ${JSON.stringify(SOURCE)};`));
  rows.push([label, kilobytes(code.length), kilobytes(gzipSync(code, { level: 9 }).length)]);
}
process.stdout.write(`${alignedRows(rows).join('\n')}\nbundled with rolldown ${VERSION}\n`);
if (values.markdown !== undefined) writeBetweenMarks(values.markdown, 'size', markdownRows(rows).join('\n'));

/**
 * @param {string} entry the text of a module
 * @returns {Promise<string>} it and all it needs, as one minified module
 */
async function bundled(entry) {
  const build = await rolldown({
    input: ENTRY,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? ENTRY : null),
        load: (id) => (id === ENTRY ? entry : null),
      },
    ],
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await build.generate({ format: 'es', minify: true });
  await build.close();
  return output[0].code;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
