// docs/test-logging.md against what it speaks of: the tests that it names are there, and so are CPython's methods.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { findPythons } from '../interop/pythons.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const table = readFileSync(join(ROOT, 'docs/test-logging.md'), 'utf8');

/** The rows, without their bars: what is CPython's, and what is ours. */
const rows = [...table.matchAll(/^\| (`.+?) \| (.+) \|$/gm)].map(([, theirs = '', ours = '']) => ({ theirs, ours }));

/** Each `file` › title, with all that follows it in its cell. */
const references = rows.flatMap(({ theirs, ours }) =>
  [...ours.matchAll(/`([^`]+\.test\.ts)` › /g)].map(({ 0: all, 1: file = '', index }) => ({
    theirs,
    file,
    rest: ours.slice(index + all.length),
  })),
);

/** The texts in quotes of a test file, wherever it stands below test/. */
function quotedIn(file: string): string[] {
  const path = [join(ROOT, 'test/logging', file), join(ROOT, 'test', file)].find(existsSync);
  if (path === undefined) return [];
  const literals = readFileSync(path, 'utf8').matchAll(/'([^'\n]*)'|"([^"\n]*)"/g);
  return Array.from(literals, ([, single, double]) => single ?? double ?? '');
}

test('every row says which test, or why there is none', () => {
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.filter(({ ours }) => !/› |does not apply: |the same, /.test(ours))).toEqual([]);
});

test('the tests that are named are there', () => {
  const missing = references.filter(({ file, rest }) => {
    const named = (title: string): boolean => rest === title || rest.startsWith(`${title};`);
    return !quotedIn(file).some(named);
  });
  expect(references.length).toBeGreaterThan(70);
  expect(missing).toEqual([]);
});

const python = findPythons().find(({ version }) => version.startsWith('3.13.'));
const LIST = `
import ast, pathlib, sysconfig
path = pathlib.Path(sysconfig.get_path('stdlib'), 'test', 'test_logging.py')
source = path.read_text('utf-8') if path.exists() else ''
for node in ast.walk(ast.parse(source)):
    if isinstance(node, ast.ClassDef):
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name.startswith('test_'):
                print('\`%s\` \`%s\`' % (node.name, item.name))
`;

test.runIf(python)('every test method of CPython 3.13 has a row', ({ skip }) => {
  const { stdout } = spawnSync(python?.command ?? '', ['-c', LIST], { encoding: 'utf8' });
  const methods = stdout.split('\n').filter((line) => line !== '');
  if (methods.length === 0) skip('this Python comes without its tests');
  const known = new Set(rows.map(({ theirs }) => theirs));
  expect(methods.filter((method) => !known.has(method))).toEqual([]);
});
