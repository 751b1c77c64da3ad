// Reports as tables, for a terminal and in Markdown pages. Measures nothing.

import { readFileSync, writeFileSync } from 'node:fs';

/** @import { Report } from './run-suite.js' */

/** @param {Report} report */
export function plainTable(report) {
  const lines = [...alignedRows(cells(report)), ...notes(report)];
  return [heading(report), ...lines.map((line) => `  ${line}`)].join('\n');
}

/** @param {Report} report */
export function markdownTable(report) {
  const after = notes(report).flatMap((note) => ['', note]);
  return [`**${heading(report)}**`, '', ...markdownRows(cells(report)), ...after].join('\n');
}

/**
 * @param {readonly (readonly string[])[]} rows the first is the head
 * @returns {string[]} a line for each row
 */
export function alignedRows(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
}

/**
 * @param {readonly (readonly string[])[]} rows the first is the head
 * @returns {string[]} the lines of a Markdown table
 */
export function markdownRows(rows) {
  const [head = '', ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
  return [head, `| --- |${' ---: |'.repeat((rows[0]?.length ?? 1) - 1)}`, ...body];
}

/**
 * Replaces what stands between the lines `<!-- mark -->` and `<!-- /mark -->` of a page.
 * @param {string} file
 * @param {string} mark
 * @param {string} text
 */
export function writeBetweenMarks(file, mark, text) {
  const page = readFileSync(file, 'utf8');
  const between = new RegExp(`(?<=<!-- ${mark} -->\\n)[\\s\\S]*(?=<!-- /${mark} -->)`);
  if (!between.test(page)) throw new Error(`${file} has no <!-- ${mark} --> and <!-- /${mark} --> lines`);
  writeFileSync(
    file,
    page.replace(between, () => `\n${text}\n\n`),
  );
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
