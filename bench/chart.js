// The decode suites as a chart in SVG: how fast each decoder is beside CPython's `pickle.loads`. Measures nothing.

import { speedRatio } from './measure.js';

/**
 * @import { Report, Row, Run } from './run-suite.js'
 *
 * @typedef {{ label: string, ratio: number, kind: 'own' | 'unit' | 'peer' }} Bar
 * @typedef {{ label: string, bars: Bar[] }} Group
 */

/** What all others are measured by. */
const UNIT = 'CPython pickle.loads';
const OWN = 'RecordDecoder';
/** The rows that are shown, and how; of npm's, the fastest is. */
const LABELS = new Map([
  [OWN, 'picklewire, to a LogRecord'],
  [UNIT, 'CPython pickle.loads, to a dict'],
  ['CPython makeLogRecord', 'CPython, to a LogRecord'],
  ['JSON.parse', 'JSON.parse of the same record'],
  ['CPython pickle._loads', 'CPython pickle._loads, in Python'],
]);

const WIDTH = 820;
const LEFT = 250;
const RIGHT = 64;
const TOP = 78;
const BAR = 15;
const GAP = 4;
const GROUP_HEAD = 24;
const GROUP_GAP = 14;
const BOTTOM = 58;

// A page may be light or dark, and an image does not inherit its colours: hence a ground of its own.
const STYLE = `
    .ground { fill: #ffffff; stroke: #d0d7de }
    text { font: 13px system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; fill: #1f2328 }
    .title { font-size: 16px; font-weight: 600 }
    .group { font-weight: 600 }
    .faint { fill: #59636e; font-size: 12px }
    .value { paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
    .grid { stroke: #d8dee4 }
    .one { stroke: #59636e }
    .own { fill: #0969da }
    .unit { fill: #8c959f }
    .peer { fill: #bf8700 }
    @media (prefers-color-scheme: dark) {
      .ground { fill: #0d1117; stroke: #3d444d }
      text { fill: #f0f6fc }
      .faint { fill: #9198a1 }
      .value { stroke: #0d1117 }
      .grid { stroke: #2a313c }
      .one { stroke: #9198a1 }
      .own { fill: #4493f8 }
      .unit { fill: #6e7681 }
      .peer { fill: #d29922 }
    }`;

/**
 * @param {Run} run with at least one suite of RecordDecoder and CPython in it
 * @returns {string} the text of an SVG file
 */
export function decodeChart(run) {
  const groups = run.reports.flatMap(groupOf);
  if (groups.length === 0) throw new Error('a chart needs a suite decode/* that CPython took part in');
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ ratio }) => ratio)));
  const most = Math.ceil(longest);
  /** @param {number} ratio */
  const x = (ratio) => LEFT + (ratio / most) * (WIDTH - LEFT - RIGHT);

  const rows = [];
  let y = TOP;
  for (const { label, bars } of groups) {
    rows.push(text({ x: 20, y: y + 14, class: 'group' }, label));
    y += GROUP_HEAD;
    for (const bar of bars) {
      const middle = y + BAR / 2;
      rows.push(
        text({ x: LEFT - 8, y: middle, 'text-anchor': 'end', 'dominant-baseline': 'central' }, bar.label),
        element('rect', { x: LEFT, y, width: round(x(bar.ratio) - LEFT), height: BAR, class: bar.kind }),
        text(
          { x: round(x(bar.ratio)) + 6, y: middle, 'dominant-baseline': 'central', class: 'value' },
          `${shown(bar.ratio)} ×`,
        ),
      );
      y += BAR + GAP;
    }
    y += GROUP_GAP;
  }
  const end = y - GROUP_GAP + 4;

  const axis = [];
  const step = most > 10 ? 2 : 1;
  for (let ratio = 0; ratio <= most; ratio += step) {
    const at = round(x(ratio));
    axis.push(
      element('line', { x1: at, x2: at, y1: TOP + 4, y2: end, class: ratio === 1 ? 'one' : 'grid' }),
      text({ x: at, y: end + 16, class: 'faint', 'text-anchor': 'middle' }, `${ratio} ×`),
    );
  }
  const title = "Decoding a SocketHandler's frames: speed beside CPython's pickle.loads";
  const under = 'records per second of processor time, as a multiple of the C pickle.loads: more is better';
  const source = `${run.machine}; ${run.date}; medians of ${run.rounds} rounds; npm run bench -- --filter decode/`;
  const height = end + BOTTOM;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `  <title>${escaped(title)}</title>`,
    `  <desc>${escaped(described(groups))}</desc>`,
    `  <style>${STYLE}\n  </style>`,
    ...[
      element('rect', { x: 0.5, y: 0.5, width: WIDTH - 1, height: height - 1, rx: 6, class: 'ground' }),
      text({ x: 20, y: 30, class: 'title' }, title),
      text({ x: 20, y: 52, class: 'faint' }, under),
      ...axis,
      ...rows,
      text({ x: 20, y: height - 16, class: 'faint' }, source),
    ].map((line) => `  ${line}`),
    '</svg>\n',
  ].join('\n');
}

/** @param {Report} report @returns {Group[]} none for a suite that cannot be drawn */
function groupOf({ suite, bytesPerUnit, rows }) {
  const unit = rows.find(({ task }) => task === UNIT);
  if (unit === undefined || !rows.some(({ task }) => task === OWN)) return [];
  const bars = [...LABELS].flatMap(([task, label]) => {
    const row = rows.find((each) => each.task === task);
    return row === undefined ? [] : [barOf(row, unit, label)];
  });
  const npm = rows.filter(({ task, role }) => role === 'other' && !LABELS.has(task));
  const [best] = npm.map((row) => barOf(row, unit, `${row.task}, npm's fastest`)).toSorted((a, b) => b.ratio - a.ratio);
  if (best !== undefined) bars.splice(-1, 0, best);
  return [{ label: `${suite.replace('decode/', '')} (${Math.round(bytesPerUnit)} bytes)`, bars }];
}

/** @param {Row} row @param {Row} unit @param {string} label @returns {Bar} */
function barOf(row, unit, label) {
  const kind = row.role === 'own' ? 'own' : row === unit ? 'unit' : 'peer';
  return { label, ratio: speedRatio(row, unit), kind };
}

/** @param {readonly Group[]} groups */
function described(groups) {
  return groups
    .map(({ label, bars }) => `${label}: ${bars.map((bar) => `${bar.label} ${shown(bar.ratio)}`).join('; ')}.`)
    .join(' ');
}

/** @param {number} ratio */
function shown(ratio) {
  return ratio.toFixed(ratio < 0.1 ? 3 : 2);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}

/** @param {Record<string, string | number>} attributes @param {string} content */
function text(attributes, content) {
  return `<text ${attributesOf(attributes)}>${escaped(content)}</text>`;
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function element(name, attributes) {
  return `<${name} ${attributesOf(attributes)}/>`;
}

/** @param {Record<string, string | number>} attributes */
function attributesOf(attributes) {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

/** @param {string} content */
function escaped(content) {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
