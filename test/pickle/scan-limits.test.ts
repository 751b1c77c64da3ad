// The scanner's limits, its allow-list, and where its bytes may come from.

import { describe, expect, test } from 'vitest';
import { inertGlobal } from '../../src/pickle/index.ts';
import { defaultScanLimits, type ScanOptions, scan, scanStream } from '../../src/pickle/scan/scan.ts';
import { bytes, call, global, str, uint } from './pickles.ts';
import { line, lines, short } from './scan-cases.ts';

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

  test('what getattr was called with, lost with or without its tuple, is told', () => {
    const pickle = bytes(`${global('builtins', 'getattr')}${global('os', 'path')}K\x05\x86R.`);
    const why = 'getattr of something that a limit left no room for';
    expect(scan(pickle, most({ maxStack: 3 }))).toMatchObject({
      truncated: false,
      globals: [{}, {}, { module: 'os' }],
    });
    expect(scan(pickle, most({ maxStack: 2 }))).toMatchObject({ truncated: true, globals: [{}, {}, { module: 'os' }] });
    expect(scan(pickle, most({ maxStack: 1 }))).toMatchObject({
      truncated: true,
      globals: [{}, {}, { unresolved: why }],
    });
    const recalled = bytes(`N\x940${global('os', 'path')}\x940${global('builtins', 'getattr')}h\x01K\x05\x86R.`);
    expect(scan(recalled, most({ maxMemo: 2 }))).toMatchObject({
      truncated: false,
      globals: [{}, {}, { module: 'os' }],
    });
    expect(scan(recalled, most({ maxMemo: 1 }))).toMatchObject({
      truncated: true,
      globals: [{}, {}, { unresolved: why }],
    });
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
