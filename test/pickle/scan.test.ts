// The scanner: tricks that have hidden a global from other scanners, what it says of each, and its limits.

import { describe, expect, test } from 'vitest';
import { inertGlobal, opcodeName } from '../../src/pickle/index.ts';
import { defaultScanLimits, type ScanOptions, scan, scanStream } from '../../src/pickle/scan.ts';
import type { GlobalFinding, ScanReport } from '../../src/pickle/scan-report.ts';
import { bytes, call, global, str, uint } from './pickles.ts';

/** A finding in one line: `*` for what is called, `!` for what is allowed, `=` for what is changed. */
function line({ module, name, called, allowed, mutated, opcode, offset, pickle, unresolved }: GlobalFinding): string {
  const flags = `${called ? '*' : ''}${allowed ? '!' : ''}${mutated ? '=' : ''}`;
  const named = `${module ?? '?'}:${name ?? '?'}${flags}`;
  const place = `${opcode}@${offset}${pickle > 0 ? `/${pickle}` : ''}`;
  return [named, place, ...(unresolved === null ? [] : [`(${unresolved})`])].join(' ');
}

function lines(pickle: string, options: ScanOptions = {}): string[] {
  return scan(bytes(pickle), options).globals.map(line);
}

function problems({ problems: all }: ScanReport): string[] {
  return all.map(({ code, offset }) => `${code.replace('ERR_PICKLE_', '')}@${offset}`);
}

type Row = readonly [pickle: string, ...findings: string[]];

const FRAME = (size: number): string => `\x95${uint(size, 8)}`;
const short = (text: string): string => `\x8c${uint(text.length, 1)}${text}`;

const tricks: Readonly<Record<string, readonly Row[]>> = {
  'a global is found whatever opcode names it': [
    ["cos\nsystem\nS'id'\n\x85R.", 'os:system* GLOBAL@0'],
    ["(S'x'\ni__builtin__\nexec\n.", '__builtin__:exec* INST@6'],
    ['(cos\nsystem\nS"x"\no.', 'os:system* GLOBAL@1'],
    ['(cos\nsystem\nS"x"\no0N.', 'os:system* GLOBAL@1'],
    ['(S"x"\nios\nsystem\n0N.', 'os:system* INST@6'],
    [`${short('os')}${short('system')}\x93.`, 'os:system STACK_GLOBAL@12'],
    ['cos\nsystem\n)\x81.', 'os:system* GLOBAL@0'],
    ['cos\nsystem\n)}\x92.', 'os:system* GLOBAL@0'],
    ['(cos\nsystem\nl0N.', 'os:system GLOBAL@1'],
    ['cos\nsystem\n0N.', 'os:system GLOBAL@0'],
    ['cos\nsystem\n(1N.', 'os:system GLOBAL@0'],
    ['}cos\nsystem\nNs.', 'os:system GLOBAL@1'],
  ],
  'any sort of str names one': [
    ["S'os'\nS'system'\n\x93S'ls'\n\x85R.", 'os:system* STACK_GLOBAL@16'],
    ["S'\\x6fs'\nS'\\163ystem'\n\x93.", 'os:system STACK_GLOBAL@22'],
    ['U\x02osU\x06system\x93.', 'os:system STACK_GLOBAL@12'],
    [`T${uint(2, 4)}osT${uint(6, 4)}system\x93.`, 'os:system STACK_GLOBAL@18'],
    ['Vos\nV\\u0073ystem\n\x93.', 'os:system STACK_GLOBAL@17'],
    [`X${uint(2, 4)}osX${uint(6, 4)}system\x93.`, 'os:system STACK_GLOBAL@18'],
    [`\x8d${uint(2, 8)}os${str('system')}\x93.`, 'os:system STACK_GLOBAL@22'],
    [`${short('os')}Vsystem\n\x93.`, 'os:system STACK_GLOBAL@12'],
    ['\x8c\x03\xc3\xa9aVb\n\x93.', '\xe9a:b STACK_GLOBAL@8'],
  ],
  'a name is followed through stack and memo': [
    // Names stored in one order and read in another; MEMOIZE after PUT; an index stored to again.
    ['\x8c\x06systemq\x02\x8c\x02osq\x0100h\x01h\x02\x93.', 'os:system STACK_GLOBAL@22'],
    [`${short('os')}q\x05${short('system')}\x9400h\x05h\x01\x93.`, 'os:system STACK_GLOBAL@21'],
    [
      `${short('safe')}p1\n${short('os')}q\x01${short('system')}r${uint(2, 4)}j${uint(1, 4)}g2\n\x93.`,
      'os:system STACK_GLOBAL@36',
    ],
    [
      `${short('os')}q\x01${short('math')}p2\n0${short('system')}p01\n0h\x010${short('os')}h\x01\x93.`,
      'os:system STACK_GLOBAL@38',
    ],
    [`${short('os')}p 1 \n0${short('system')}p+2\n0g01\ng1_0\n0g2\n\x93.`, 'os:system STACK_GLOBAL@36'],
    [`${short('a')}r\xff\xff\xff\xff0${short('b')}\x94h\x01\x93.`, 'b:b STACK_GLOBAL@15'],
    [`${short('system')}${short('os')}2q\x000q\x0100h\0h\x01\x93.`, 'os:os STACK_GLOBAL@24'],
    [`${short('os')}2\x93.`, 'os:os STACK_GLOBAL@5'],
    [`${short('os')}N0${short('system')}(NN1\x93.`, 'os:system STACK_GLOBAL@18'],
    [`${short('os')}${short('system')}(0\x93.`, 'os:system STACK_GLOBAL@14'],
    [`${short('os')}(${short('x')}${short('y')}t0${short('system')}\x93.`, 'os:system STACK_GLOBAL@21'],
    ['cos\nsystem\nq\x000(h\0Vid\no.', 'os:system* GLOBAL@0'],
    ['cos\nsystem\nq\x00)R0h\0)R.', 'os:system* GLOBAL@0'],
    ['cos\nsystem\n2)R0)R.', 'os:system* GLOBAL@0'],
  ],
  'what is no name is a finding too': [
    ['C\x02osC\x06system\x93.', "?:? STACK_GLOBAL@12 (the module is no str: b'os')"],
    [']\x8c\x01ma]\x8c\x05Klassa\x93.', '?:? STACK_GLOBAL@14 (the module is no str: […])'],
    ['K\x2aK\x2a\x93.', '?:? STACK_GLOBAL@4 (the module is no str: 42)'],
    [`${short('os')}h\x05\x93.`, 'os:? STACK_GLOBAL@6 (the name is not known)'],
    ['\x93.', '?:? STACK_GLOBAL@0 (the module is not known)'],
    [
      `${short('os')}\x8c\x01\xff\x93.`,
      'os:? STACK_GLOBAL@7 (the name is no text: byte 0xff at position 0 of a string is not UTF-8)',
    ],
    [
      `${call('builtins', 'str', str('os'))}${short('x')}\x93.`,
      'builtins:str*! GLOBAL@0',
      '?:x STACK_GLOBAL@27 (the module is no str: builtins.str(…))',
    ],
    [`${short('o')}${short('s')}\x86${short('x')}\x93.`, '?:x STACK_GLOBAL@10 (the module is no str: (…))'],
    [`Pid\n${short('x')}\x93.`, '?:x STACK_GLOBAL@7 (the module is not known)'],
  ],
  'an extension code is a finding, with its name where that is registered': [
    ['\x82\x01)R.', '?:?* EXT1@0 (the extension code is not registered)'],
    ['\x83\x01\x01.', '?:? EXT2@0 (the extension code is not registered)'],
    ['\x84\xff\xff\xff\xff.', '?:? EXT4@0 (the extension code is not registered)'],
    ['\x82\x07)R.', 'os:system* EXT1@0'],
    [`\x84${uint(7, 4)}.`, 'os:system EXT4@0'],
  ],
  'the names that getattr makes are findings, and what it cannot make one of': [
    [
      `${call('__builtin__', 'getattr', `${global('os', 'path')}${short('join')}`)})R.`,
      '__builtin__:getattr*! GLOBAL@0',
      'os:path GLOBAL@22',
      'os:path.join* REDUCE@38',
    ],
    [
      `(${global('os', 'path')}${short('x')}ibuiltins\ngetattr\n.`,
      'os:path GLOBAL@1',
      'builtins:getattr*! INST@13',
      'os:path.x INST@13',
    ],
    [
      `${global('builtins', 'getattr')}q\x000(cbuiltins\nlist\n${short('x')}Ntq\x010h\0h\x01R.`,
      'builtins:getattr*! GLOBAL@0',
      'builtins:list! GLOBAL@22',
      'builtins:list.x REDUCE@49',
    ],
    [
      `${call('builtins', 'getattr', `${call('a', 'b')}${short('x')}`)}.`,
      'builtins:getattr*! GLOBAL@0',
      'a:b* GLOBAL@19',
      '?:? REDUCE@31 (getattr of something that is not known)',
    ],
    [
      `${call('builtins', 'getattr', `${global('a', 'b')}K\x01`)}.`,
      'builtins:getattr*! GLOBAL@0',
      'a:b GLOBAL@19',
      'a:? REDUCE@27 (the name is no str: 1)',
    ],
  ],
  'names are kept as they are spelled, and dots walk nowhere': [
    [`${short('os')}${short('path.join')}\x93.`, 'os:path.join STACK_GLOBAL@15'],
    ['ca\nb.c\n.', 'a:b.c GLOBAL@0'],
    ['ca.b\nc\n.', 'a.b:c GLOBAL@0'],
    ['c\n\n.', ': GLOBAL@0'],
    ['c__proto__\nconstructor\n.', '__proto__:constructor GLOBAL@0'],
    ['cbuiltins \nset\n.', 'builtins :set GLOBAL@0'],
    ['cos\r\nsystem\r\n.', 'os\r:system\r GLOBAL@0'],
    ['c\xff\n\xc3\xa9\n.', '\udcff:\xe9 GLOBAL@0'],
  ],
  'what the allow-list has is told, in either spelling': [
    ['c__builtin__\nset\n)R.', '__builtin__:set*! GLOBAL@0'],
    ['cbuiltins\nset\n.', 'builtins:set! GLOBAL@0'],
    ['ccopy_reg\n_reconstructor\n.', 'copy_reg:_reconstructor! GLOBAL@0'],
    ['cexceptions\nValueError\n.', 'exceptions:ValueError! GLOBAL@0'],
    ['cbuiltins\neval\n.', 'builtins:eval GLOBAL@0'],
    ['cbuiltins\nset.add\n.', 'builtins:set.add GLOBAL@0'],
    ['cpkgutil\nresolve_name\nVos:system\n\x85R.', 'pkgutil:resolve_name* GLOBAL@0'],
  ],
  'a change to a global, or to what it returned, is told': [
    ['cm\nKlass\n}U\x05adminK\x01sb0N.', 'm:Klass= GLOBAL@0'],
    ['cm\nKlass\n)R}b.', 'm:Klass*= GLOBAL@0'],
    ['cm\nKlass\n)\x81q\0Na0N.', 'm:Klass*= GLOBAL@0'],
    ['cm\nKlass\n)R(NNu.', 'm:Klass*= GLOBAL@0'],
    ['cm\nKlass\n(N\x90.', 'm:Klass= GLOBAL@0'],
    ['}cm\nKlass\nNs.', 'm:Klass GLOBAL@1'],
  ],
  'every pickle of a concatenation is scanned, each with a memo and a stack of its own': [
    ['N.cos\nsystem\n)R.', 'os:system* GLOBAL@2/1'],
    [`${short('os')}q\0.${short('x')}h\0\x93.`, 'x:? STACK_GLOBAL@12/1 (the name is not known)'],
    [`${short('os')}.${short('system')}\x93.`, '?:system STACK_GLOBAL@13/1 (the module is not known)'],
    [`\x80\x04${FRAME(2)}N.\x80\x04${FRAME(9)}cos\nsystem.`, ...[]],
    [`\x80\x04${FRAME(2)}N.cos\nsystem\n.`, 'os:system GLOBAL@13/1'],
  ],
  'the scan goes on where a pickle machine stops, as another may not': [
    ['0cos\nsystem\n)R.', 'os:system* GLOBAL@1'],
    ['tcos\nsystem\n)R.', 'os:system* GLOBAL@1'],
    ['h\x07cos\nsystem\n)R.', 'os:system* GLOBAL@2'],
    ['gabc\ncos\nsystem\n)R.', 'os:system* GLOBAL@5'],
    ['I\ncos\nsystem\n)R.', 'os:system* GLOBAL@2'],
    ['\x80\xffcos\nsystem\n)R.', 'os:system* GLOBAL@2'],
    ['.cos\nsystem\n)R.', 'os:system* GLOBAL@1/1'],
    [`${FRAME(2)}cos\nsystem\n)R.`, 'os:system* GLOBAL@9'],
    ['\x97\x98\x96\x01\0\0\0\0\0\0\0aF1\ncos\nsystem\n)R.', 'os:system* GLOBAL@15'],
  ],
  'a payload is found before the place where the pickle breaks': [
    ['cos\nsystem\n)R', 'os:system* GLOBAL@0'],
    ['cos\nsystem\n)R\xff', 'os:system* GLOBAL@0'],
    ['cos\nsystem\n)RX\xff\xff\xff\xff', 'os:system* GLOBAL@0'],
    ['cos\nsystem\n)R.garbage', 'os:system* GLOBAL@0'],
    ['cos\nsystem', ...[]],
  ],
  'bytes that look like a pickle are bytes': [['C\x0ecos\nsystem\n)R.Vx\n\x86.', ...[]]],
};

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
    ['(2.', 'STACK@1', 'STACK@2'.replace('STACK@2', '')],
    ['tN.', 'MARK@0'],
    ['(oN.', 'STACK@1'],
    ['N\x86.', 'STACK@1'],
    ['N(q\0.', 'STACK@2', 'STACK@4'],
    ['h\x05.', 'MEMO@0'],
    ['g-1\n.', 'MEMO@0'],
    ['gx\n.', 'MEMO@0'],
    ['g\n.', 'MEMO@0'],
    ['Ng1__0\n.', 'MEMO@1'],
    ['Np-0\ng +0_0 \n.', ''],
    ['Np-1\n.', 'MEMO@1'],
    ['(N.', ''],
    ['NN.', ''],
  ];
  for (const [pickle, ...expected] of rows) {
    expect(problems(scan(bytes(pickle as string))), pickle).toEqual(expected.filter((each) => each !== ''));
  }
});

describe('limits', () => {
  const name = 'n'.repeat(defaultScanLimits.maxNameBytes);
  const most = (limits: ScanOptions['limits']): ScanOptions => ({ ...(limits === undefined ? {} : { limits }) });

  test.each(['GLOBAL', 'INST', 'STACK_GLOBAL', 'getattr'])(
    '%s: a name may have maxNameBytes, and no more',
    (opcode) => {
      const pickles: Readonly<Record<string, (text: string) => string>> = {
        GLOBAL: (text) => `cm\n${text}\n.`,
        INST: (text) => `(i${text}\nn\n.`,
        STACK_GLOBAL: (text) => `${short('m')}${str(text)}\x93.`,
        getattr: (text) => `${call('builtins', 'getattr', `${global('m', 'n')}${str(text.slice(2))}`)}.`,
      };
      const pickle = pickles[opcode] as (text: string) => string;
      const known = scan(bytes(pickle(name)));
      expect(known.truncated).toBe(false);
      expect(known.globals.at(-1)).toMatchObject({ unresolved: null });
      const unknown = scan(bytes(pickle(`${name}n`)));
      expect(unknown.truncated).toBe(true);
      expect(unknown.globals.at(-1)?.unresolved).toMatch(/too long to be kept$/);
    },
  );

  test('a name on the stack is known up to maxStack values, and a finding beyond', () => {
    const pickle = `NN${short('os')}${short('system')}\x93.`;
    expect(scan(bytes(pickle), most({ maxStack: 4 }))).toMatchObject({
      truncated: false,
      globals: [{ name: 'system' }],
    });
    const report = scan(bytes(pickle), most({ maxStack: 3 }));
    expect(report.truncated).toBe(true);
    expect(report.globals.map(line)).toEqual([
      'os:? STACK_GLOBAL@14 (the name is not known any more: a limit was reached)',
    ]);
  });

  test('a name that was lost is told also where the module is none', () => {
    const pickle = bytes(`N${short('system')}\x93.`);
    expect(scan(pickle, most({ maxStack: 2 })).truncated).toBe(false);
    expect(scan(pickle, most({ maxStack: 1 })).truncated).toBe(true);
  });

  test('a tuple of more values than maxStack loses nothing that is asked for', () => {
    const report = scan(bytes(`(${'N'.repeat(50)}tcos\nsystem\n)R.`), most({ maxStack: 10 }));
    expect(report).toMatchObject({ truncated: false, problems: [] });
    expect(report.globals.map(line)).toEqual(['os:system* GLOBAL@52']);
  });

  test('a callee that was lost is told', () => {
    const report = scan(bytes('NNcos\nsystem\n)R.'), most({ maxStack: 2 }));
    expect(report.globals.map(line)).toEqual(['os:system GLOBAL@2']);
    expect(report.truncated).toBe(true);
  });

  test('marks are known up to maxStack, and no value is taken for another beyond', () => {
    const pickle = `((((cos\nsystem\not1${short('a')}${short('b')}\x930.`;
    const known = scan(bytes(pickle), most({ maxStack: 10 }));
    expect(known.globals.map(line)).toEqual(['os:system* GLOBAL@4', 'a:b STACK_GLOBAL@24']);
    expect(known.truncated).toBe(false);
    const lost = scan(bytes(pickle), most({ maxStack: 3 }));
    expect(lost.globals.map(({ module }) => module)).toEqual(['os', null]);
    expect(lost).toMatchObject({ truncated: true, problems: [] });
  });

  test('the memo is known up to maxMemo entries, and never read wrongly beyond', () => {
    const stored = `N\x94${short('os')}\x940`;
    const read = `h\x01${short('system')}\x93.`;
    expect(scan(bytes(stored + read), most({ maxMemo: 2 }))).toMatchObject({
      truncated: false,
      globals: [{ module: 'os' }],
    });
    expect(scan(bytes(stored + read), most({ maxMemo: 1 }))).toMatchObject({
      truncated: true,
      globals: [{ module: null }],
    });
    // The second MEMOIZE stores at 2 again, which the scan cannot know once there is no room for more.
    const over = `${short('safe')}q\x020N\x940${short('os')}\x940h\x02${short('system')}\x93.`;
    expect(lines(over)[0]).toMatch(/^os:system /);
    expect(lines(over, most({ maxMemo: 2 }))[0]).toMatch(/^\?:system /);
  });

  test('a memo index that is too long to be kept could be any', () => {
    const padded = (index: string): string => `${' '.repeat(1000)}${index}\n`;
    const pickle = `${short('safe')}q\x010${short('os')}p${padded('1')}0h\x01${short('system')}\x93.`;
    expect(lines(pickle)[0]).toMatch(/^\?:system /);
    expect(lines(`${short('os')}q\x010g${padded('1')}${short('system')}\x93.`)[0]).toMatch(/^\?:system /);
    expect(scan(bytes(pickle)).truncated).toBe(true);
    expect(lines(`${pickle}${pickle.replace(padded('1'), '1\n')}`)[1]).toMatch(/^os:system /);
  });

  test('no number of allowed globals pushes out one that is not', () => {
    const harmless = 'cbuiltins\nset\n0'.repeat(5);
    const report = scan(bytes(`${harmless}cos\nsystem\n.`), most({ maxFindings: 3 }));
    expect(report.truncated).toBe(true);
    expect(report.globals.map(({ module }) => module)).toEqual(['builtins', 'builtins', 'builtins', 'os']);
    const harmful = scan(bytes(`${'ca\nb\n0'.repeat(4)}cbuiltins\nset\n.`), most({ maxFindings: 3 }));
    expect(harmful.globals.map(({ module }) => module)).toEqual(['a', 'a', 'a', 'builtins']);
    expect(scan(bytes('ca\nb\n'.repeat(3)), most({ maxFindings: 3 })).truncated).toBe(false);
  });

  test('the other lists are as long at most', () => {
    const report = scan(bytes('00000Pa\nPa\nPa\n.'), most({ maxFindings: 2 }));
    expect(report).toMatchObject({ truncated: true, pickles: 1, broken: null });
    expect([report.problems.length, report.persistentIds.length]).toEqual([2, 2]);
  });
});

test('an allow-list of the caller takes the place of the default one', () => {
  expect(lines('cos\nsystem\n0cbuiltins\nset\n.', { allow: [inertGlobal('os', 'system')] })).toEqual([
    'os:system! GLOBAL@0',
    'builtins:set GLOBAL@12',
  ]);
});

describe('a stream', () => {
  const pickle = bytes(`${str('x'.repeat(5000))}0N.cos\nsystem\n)R.`);
  const parts = [pickle.slice(0, 3), new Uint8Array(0), pickle.slice(3, 4000), pickle.slice(4000)];

  test('may be an iterable, an async iterable or a ReadableStream', async () => {
    const whole = scan(pickle);
    expect(whole.globals.map(line)).toEqual(['os:system* GLOBAL@5008/1']);
    expect(await scanStream(parts)).toEqual(whole);
    expect(
      await scanStream(
        (async function* () {
          yield* parts;
        })(),
      ),
    ).toEqual(whole);
    const stream = new Blob(parts).stream();
    expect(await scanStream(stream as never)).toEqual(whole);
    // As in an engine where streams are no async iterables.
    const plain = { getReader: () => new Blob(parts).stream().getReader() };
    expect(await scanStream(plain as never)).toEqual(whole);
  });

  test('is read no further than to where it breaks, and closed', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield bytes('cos\nsystem\n\xff');
        for (;;) yield bytes('N');
      } finally {
        closed = true;
      }
    }
    expect(await scanStream(endless())).toMatchObject({ broken: { offset: 11 }, globals: [{ module: 'os' }] });
    expect(closed).toBe(true);
  });

  test('that fails or gives no bytes is an error of the source', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield bytes('N');
      throw new Error('disk');
    }
    await expect(scanStream(failing())).rejects.toThrow('disk');
    await expect(scanStream(['N'] as never)).rejects.toThrow(TypeError);
    await expect(scanStream(5 as never)).rejects.toThrow(TypeError);
  });

  test('of a gigabyte in one bytes object is passed over, not kept', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x28);
    function* gigabyte(): Generator<Uint8Array> {
      yield bytes(`\x8e${uint(1024 * chunk.length, 8)}`);
      for (let i = 0; i < 1024; i++) yield chunk;
      yield bytes('cos\nsystem\n\x86.');
    }
    const before = process.memoryUsage().arrayBuffers;
    const report = await scanStream(gigabyte());
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect(report).toMatchObject({ pickles: 1, broken: null, truncated: false });
    expect(report.globals.map(line)).toEqual([`os:system GLOBAL@${9 + 1024 * chunk.length}`]);
  });
});
