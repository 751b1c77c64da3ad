// node bench/scale.js [--only NAMES] [--connections N] [--gigabytes N] [--records N] [--rounds N] [--output FILE]
//   [--json FILE] [--markdown FILE] [--profile]
// What `picklewire serve`, as built, costs and keeps at scale: by connections, sizes and layouts, and in storms of
// connections; see README.md beside it.
// Loopback only. Exit code 1 when a promise is not kept.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeNumber } from './options.js';
import { alignedRows, markdownRows, writeBetweenMarks } from './report.js';
import { machineText, today } from './run-suite.js';
import * as sections from './scale/sections.js';

/** @import { Section } from './scale/section.js' */

/**
 * Besides its connections, a process has files open: its modules' and libraries', epoll's, pipes; `serve` keeps some more
 * free; and of a storm as many connections may come at once as wait in the kernel, which are 4,096.
 */
const OTHER_FILES = 5000;

const { profile, ...measurements } = sections;
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(measurements).join(',') },
    connections: { type: 'string', default: '10000' },
    gigabytes: { type: 'string', default: '1' },
    records: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '3' },
    output: { type: 'string' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const folder = values.output === undefined ? mkdtempSync(join(tmpdir(), 'picklewire-scale-')) : null;
const options = {
  connections: wholeNumber('--connections', values.connections),
  gigabytes: Number(values.gigabytes),
  records: wholeNumber('--records', values.records),
  rounds: wholeNumber('--rounds', values.rounds),
  output: values.output ?? join(folder ?? '', 'lines'),
};
checkOpenFiles(options.connections + OTHER_FILES);

const wanted = values.profile ? ['profile'] : values.only.split(',');
/** @type {Record<string, Section>} */
const done = {};
try {
  for (const name of wanted) {
    const measure = Object.entries(sections).find(([section]) => section === name)?.[1];
    if (measure === undefined) throw new Error(`--only takes ${Object.keys(measurements).join(', ')}, not ${name}`);
    const section = await measure(options);
    done[name] = section;
    process.stdout.write(
      `${section.title}\n${alignedRows(section.rows)
        .map((row) => `  ${row}`)
        .join('\n')}\n\n`,
    );
  }
} finally {
  if (folder !== null) rmSync(folder, { recursive: true });
}

for (const { what, value, most, unit } of Object.values(done).flatMap(({ promises }) => promises)) {
  const kept = value <= most;
  if (!kept) process.exitCode = 1;
  process.stdout.write(`${what}: ${value.toFixed(2)} ${unit}, at most ${most}${kept ? '' : ': NOT KEPT'}\n`);
}
const [machine, date] = [machineText(), today()];
const rounds = values.profile ? '' : `medians of ${options.rounds} rounds; `;
const where = `${machine}; ${date}; ${rounds}lines written to ${values.output ?? 'a file'}`;
process.stdout.write(`${where}\n`);
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, date, options, sections: done }, null, 1)}\n`);
}
if (values.markdown !== undefined) {
  const tables = Object.values(done).map(({ title, rows }) => `**${title}**\n\n${markdownRows(rows).join('\n')}`);
  writeBetweenMarks(values.markdown, values.profile ? 'profile' : 'scale', [`${where}.`, ...tables].join('\n\n'));
}

/** @param {number} needed by each of two processes */
function checkOpenFiles(needed) {
  const report = /** @type {{ userLimits?: { open_files?: { soft: number | string } } }} */ (
    process.report.getReport()
  );
  const allowed = report.userLimits?.open_files?.soft;
  if (typeof allowed !== 'number' || allowed >= needed) return;
  process.stderr.write(`a process may have ${allowed} files open here, and ${needed} are needed: raise that with\n`);
  process.stderr.write(`ulimit -n ${needed}, or ask for fewer --connections\n`);
  process.exit(1);
}
