// The scanner: tricks that have hidden a global from other scanners, and what it says of each.

import { describe, expect, test } from 'vitest';
import { opcodeName } from '../../src/pickle/index.ts';
import type { ScanReport } from '../../src/pickle/scan/report.ts';
import { scan } from '../../src/pickle/scan/scan.ts';
import { bytes, global, str, uint } from './pickles.ts';
import { FRAME, line, lines, tricks } from './scan-cases.ts';

function problems({ problems: all }: ScanReport): string[] {
  return all.map(({ code, offset }) => `${code.replace('ERR_PICKLE_', '')}@${offset}`);
}

for (const [fact, rows] of Object.entries(tricks)) {
  test(fact, () => {
    const extensions = new Map([[7, ['os', 'system'] as const]]);
    for (const [pickle, ...findings] of rows) {
      const data = bytes(pickle);
      const { globals } = scan(data, { extensions });
      expect(globals.map(line), pickle).toEqual(findings);
      for (const { opcode, offset } of globals) expect(opcodeName(data[offset] as number)).toBe(opcode);
    }
  });
}

describe('a STOP inside its frame', () => {
  // Read from a file, CPython's C unpickler goes on right after STOP; its Python one goes on where the frame ends.
  const rest = `${global('hidden', 'one')}.`;
  const next = `${global('hidden', 'two')}.`;
  const pickle = `${FRAME(2 + rest.length)}N.${rest}${next}`;

  test('hides neither what follows in the frame nor what follows the frame', () => {
    const report = scan(bytes(pickle));
    expect(report.globals.map(line)).toEqual(['hidden:one GLOBAL@11/1', 'hidden:two GLOBAL@24/1']);
    expect(problems(report)).toEqual(['FRAME@10']);
    expect(report).toMatchObject({ pickles: 2, broken: null });
  });

  test('hides what follows in the longest of frames within frames no better', () => {
    const nested = `${FRAME(9 + 2 + rest.length)}${FRAME(1)}N.${rest}${next}`;
    expect(lines(nested)).toEqual(['hidden:one GLOBAL@20/1', 'hidden:two GLOBAL@33/1']);
    expect(problems(scan(bytes(nested)))).toEqual(['FRAME@19']);
  });

  test('is none at the end of the frame, however many pickles and frames there are', () => {
    const framed = `\x80\x04${FRAME(2)}N.`;
    expect(scan(bytes(framed.repeat(3)))).toMatchObject({ pickles: 3, problems: [], broken: null });
  });

  test('hides nothing either where one of the two readings breaks off', () => {
    const cut = `${FRAME(4)}N.\xff\xff${next}`;
    expect(lines(cut)).toEqual(['hidden:two GLOBAL@13/1']);
    expect(problems(scan(bytes(cut)))).toEqual(['FRAME@10', 'OPCODE@11']);
    const endless = `${FRAME(2 ** 40)}N.${rest}`;
    expect(lines(endless)).toEqual(['hidden:one GLOBAL@11/1']);
    expect(scan(bytes(endless))).toMatchObject({
      pickles: 0,
      broken: { code: 'ERR_PICKLE_TRUNCATED', offset: 10, pickle: 0 },
    });
  });
});

describe('what is called with what', () => {
  test.each([
    ["cos\nsystem\nS'id'\n\x85R.", "('id',)"],
    ['cos\nsystem\n)R.', '()'],
    ["(S'x'\nNI01\ni__builtin__\nexec\n.", "('x', None, True)"],
    ['(cm\nf\nK\x01J\xff\xff\xff\xffG?\xf8\0\0\0\0\0\0o.', '(1, -1, 1.5)'],
    ['cm\nf\n(C\x02\0\xffV\u00e9\n]}tR.', "(b'\\x00\\xff', '\u00e9', […], {…})"],
    ['cm\nf\n(cos\nsystem\n)cm\ng\n)RK\x01\x85tR.', '(os.system, (), m.g(…), (…))'],
    ['cm\nf\nNR.', 'None'],
    ['cm\nf\n(NtQR.', '…'],
    ['cm\nf\n)}\x92.', '()'],
    ['cm\nf\nq\0)R0h\0K\x01\x85R.', '()'],
    [`cm\nf\n${str('x'.repeat(500))}\x85R.`, '(…,)'],
    [`cm\nf\n${str('x'.repeat(200))}\x85R.`, `('${'x'.repeat(77)}…`],
    [`cm\nf\n(${'K\x01'.repeat(100)}tR.`, `(${'1, '.repeat(26)}…`],
    [`cm\nf\n(${'K\x01'.repeat(27)}Nio\no\n.`, null],
  ])('%j', (pickle, preview) => {
    const [finding] = scan(bytes(pickle)).globals;
    expect(finding?.argumentPreview).toBe(preview);
    expect((finding?.argumentPreview ?? '').length).toBeLessThanOrEqual(81);
  });
});

test('persistent ids are listed, with their ids', () => {
  const { persistentIds } = scan(bytes("Pab'c\n0(S'storage'\nK\x05tQ."));
  expect(persistentIds).toEqual([
    { opcode: 'PERSID', offset: 0, pickle: 0, preview: '"ab\'c"' },
    { opcode: 'BINPERSID', offset: 22, pickle: 0, preview: '(…)' },
  ]);
});

describe('the end', () => {
  test.each([
    ['N.', 1, null],
    ['N.N.', 2, null],
    ['', 0, ['TRUNCATED', 0, null]],
    ['N', 0, ['TRUNCATED', 1, null]],
    ['N.(', 1, ['TRUNCATED', 3, null]],
    ['N.X\x05\0\0\0ab', 1, ['TRUNCATED', 2, 'BINUNICODE']],
    [`N.X${uint(2 ** 30, 4)}ab`, 1, ['TRUNCATED', 2, 'BINUNICODE']],
    [`B\xfb\xff\xff\xff`, 0, ['TRUNCATED', 0, 'BINBYTES']],
    [`\x8e${'\xff'.repeat(8)}`, 0, ['TRUNCATED', 0, 'BINBYTES8']],
    ['N.cos\nsys', 1, ['TRUNCATED', 2, 'GLOBAL']],
    [`N.c${'o'.repeat(1000)}`, 1, ['TRUNCATED', 2, 'GLOBAL']],
    ['N.garbage', 1, ['TRUNCATED', 2, 'GET']],
    ['N.\xff', 1, ['OPCODE', 2, null]],
    ['T\xff\xff\xff\xff', 0, ['ARGUMENT', 0, 'BINSTRING']],
    [`${FRAME(3)}N.`, 0, ['TRUNCATED', 10, 'STOP']],
  ] as const)('of %j is told', (pickle, pickles, broken) => {
    const report = scan(bytes(pickle));
    const { code, offset, opcode } = report.broken ?? {};
    expect(report.pickles).toBe(pickles);
    expect(report.broken === null ? null : [code?.replace('ERR_PICKLE_', ''), offset, opcode]).toEqual(broken);
    if (report.broken !== null) expect(report.broken.pickle).toBe(pickles);
  });
});

test('what a pickle machine would stop at is a problem', () => {
  const rows = [
    ['0.', 'STACK@0', 'STACK@1'],
    ['(2.', 'STACK@1'],
    ['tN.', 'MARK@0'],
    ['(oN.', 'STACK@1'],
    ['N\x86.', 'STACK@1'],
    ['N(q\0.', 'STACK@2', 'STACK@4'],
    ['h\x05.', 'MEMO@0'],
    ['g-1\n.', 'MEMO@0'],
    ['gx\n.', 'MEMO@0'],
    ['g\n.', 'MEMO@0'],
    ['Ng1__0\n.', 'MEMO@1'],
    ['Np-0\ng +0_0 \n.'],
    ['Np-1\n.', 'MEMO@1'],
    ['(N.'],
    ['NN.'],
  ];
  for (const [pickle, ...expected] of rows) {
    expect(problems(scan(bytes(pickle as string))), pickle).toEqual(expected);
  }
});
