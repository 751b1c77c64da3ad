// The opcode table against Python's own, and the decoder's switches against the table.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { opcodeName, opcodes } from '../../src/pickle/index.ts';

interface PythonOpcode {
  readonly name: string;
  readonly code: number;
  readonly arg: { readonly name: string } | null;
  readonly stackBefore: readonly string[];
  readonly stackAfter: readonly string[];
  readonly proto: number;
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

test('the table is that of pickletools in Python 3.13, but for the wording', () => {
  const python = JSON.parse(read('fixtures/opcodes.json')) as PythonOpcode[];
  const rows = (table: readonly { name: string }[]) => table.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const theirs = python.map(({ name, code, arg, stackBefore, stackAfter, proto }) => ({
    name,
    code,
    argument: arg?.name ?? null,
    stackBefore,
    stackAfter,
    proto,
  }));
  const ours = opcodes.map(({ doc: _, ...row }) => row);
  expect(rows(ours)).toEqual(rows(theirs));
  expect(ours).toHaveLength(68);
});

test('each opcode has exactly one case in the decoder, commented with its name, and no case is without a row', () => {
  const source = read('src/pickle/machine.ts') + read('src/pickle/execute.ts');
  const cases = [...source.matchAll(/case 0x([0-9a-f]{2}):(?: \{)?\s*\/\/ ([A-Z0-9_]+)\n/g)];
  const named = cases.map(([, code, name]) => `${code} ${name}`).toSorted();
  const rows = opcodes.map(({ code, name }) => `${code.toString(16).padStart(2, '0')} ${name}`).toSorted();
  expect(named).toEqual(rows);
  expect(source.match(/\bcase 0x/g)).toHaveLength(opcodes.length);
});

test.each(opcodes)('$name is described in one line', ({ doc }) => {
  expect(doc).toMatch(/^[^\n]{4,100}$/);
  expect(doc).not.toMatch(/\.$/);
});

test('a byte has the name of its opcode, or none', () => {
  for (let code = 0; code < 256; code++) {
    expect(opcodeName(code)).toBe(opcodes.find((opcode) => opcode.code === code)?.name ?? null);
  }
  expect(opcodeName(-1)).toBeNull();
  expect(opcodeName(256)).toBeNull();
});
