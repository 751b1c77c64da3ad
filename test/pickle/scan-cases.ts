// Pickles that name globals, and what a scan finds in each; how a finding is written in one line.

import type { GlobalFinding } from '../../src/pickle/scan/report.ts';
import { type ScanOptions, scan } from '../../src/pickle/scan/scan.ts';
import { bytes, call, global, str, uint } from './pickles.ts';

/** A finding in one line: `*` for what is called, `!` for what is allowed, `=` for what is changed. */
export function line({
  module,
  name,
  called,
  allowed,
  mutated,
  opcode,
  offset,
  pickle,
  unresolved,
}: GlobalFinding): string {
  const flags = `${called ? '*' : ''}${allowed ? '!' : ''}${mutated ? '=' : ''}`;
  const named = `${module ?? '?'}:${name ?? '?'}${flags}`;
  const place = `${opcode}@${offset}${pickle > 0 ? `/${pickle}` : ''}`;
  return [named, place, ...(unresolved === null ? [] : [`(${unresolved})`])].join(' ');
}

/** The findings of a pickle. */
export function lines(pickle: string, options: ScanOptions = {}): string[] {
  return scan(bytes(pickle), options).globals.map(line);
}

/** FRAME. */
export const FRAME = (size: number): string => `\x95${uint(size, 8)}`;
/** SHORT_BINUNICODE of ASCII text. */
export const short = (text: string): string => `\x8c${uint(text.length, 1)}${text}`;

/** A pickle and the lines of its findings, where 7 is the extension code of `os.system`. */
export type Row = readonly [pickle: string, ...findings: string[]];

export const tricks: Readonly<Record<string, readonly Row[]>> = {
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
