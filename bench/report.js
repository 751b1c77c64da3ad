// Reports as tables, for a terminal and in Markdown. Measures nothing.

import { cpus } from 'node:os';

/** @import { Report } from './suite-process.js' */

/**
 * @param {readonly Report[]} reports
 * @returns {string} what the numbers were measured on
 */
export function machine(reports) {
  const [python] = reports.map((report) => report.python);
  const processors = cpus();
  return [
    `Node ${process.versions.node}`,
    python ? `CPython ${python}` : 'no Python found',
    `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}`,
    `${process.platform} ${process.arch}`,
  ].join(', ');
}

/** @param {Report} report */
export function plainTable(report) {
  const rows = cells(report);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
  return [heading(report), ...lines.map((line) => `  ${line}`), ...notes(report).map((note) => `  ${note}`)].join('\n');
}

/** @param {Report} report */
export function markdownTable(report) {
  const [head = [], ...rows] = cells(report).map((row) => `| ${row.join(' | ')} |`);
  const rule = `|${' --- |'}${' ---: |'.repeat(report.subjects.length + 1)}`;
  return [`**${heading(report)}**`, '', head, rule, ...rows, ...notes(report).flatMap((note) => ['', note])].join('\n');
}

/** @param {Report} report */
function heading({ suite, unit, bytesPerUnit }) {
  return `${suite} (${unit} of ${Math.round(bytesPerUnit)} bytes)`;
}

/** @param {Report} report */
function notes({ unable }) {
  return unable.length === 0 ? [] : [`cannot read these: ${unable.join(', ')}`];
}

/** @param {Report} report */
function cells({ unit, subjects, rows }) {
  const head = ['', `${unit}/s`, ...subjects.map((subject) => `${subject} is`)];
  const body = rows.map(({ task, perSecond, ratios }) => [
    task,
    Number(perSecond.toPrecision(3)).toLocaleString('en'),
    ...ratios.map((ratio) => `${ratio.toFixed(2)} ×`),
  ]);
  return [head, ...body];
}
