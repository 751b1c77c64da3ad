// What holds of the scanner whatever the bytes, and how its findings relate to what the decoder's policy is asked.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Globals } from '../../src/pickle/globals.ts';
import { opcodes, PickleError, type PyGlobal, unpickle } from '../../src/pickle/index.ts';
import type { GlobalFinding, ScanReport } from '../../src/pickle/scan/report.ts';
import { type ScanOptions, scan, scanStream } from '../../src/pickle/scan/scan.ts';
import { readPayloads } from '../fixtures.ts';
import { checkProperty } from '../properties/check.ts';
import { bytes, global, str, uint } from './pickles.ts';

const extensions = new Map<number, readonly [string, string]>([[1, ['ext', 'one']]]);
const options: ScanOptions = { extensions };

/** Opcodes that make, move, name and call, of few names and few memo indexes, so that they meet. */
const names = fc.constantFrom('os', 'system', 'builtins', '__builtin__', 'getattr', 'set', 'a.b', 'collections');
const smallIndex = fc.integer({ min: 0, max: 3 });
const piece: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: names.chain((name) =>
      fc.constantFrom(str(name), `U${uint(name.length, 1)}${name}`, `V${name}\n`, `S'${name}'\n`),
    ),
  },
  { weight: 3, arbitrary: fc.tuple(names, names).map(([module, name]) => global(module, name)) },
  { weight: 2, arbitrary: fc.constantFrom(global('builtins', 'getattr'), global('m', 'f'), '\x82\x01', '\x83\x01\0') },
  { weight: 1, arbitrary: fc.tuple(names, names).map(([module, name]) => `(i${module}\n${name}\n`) },
  {
    weight: 4,
    arbitrary: smallIndex.chain((i) =>
      fc.constantFrom(`q${uint(i, 1)}`, `p${i}\n`, `p0${i}\n`, `r${uint(i, 4)}`, '\x94'),
    ),
  },
  {
    weight: 4,
    arbitrary: smallIndex.chain((i) => fc.constantFrom(`h${uint(i, 1)}`, `g${i}\n`, `g+${i}\n`, `j${uint(i, 4)}`)),
  },
  { weight: 5, arbitrary: fc.constantFrom('\x93', 'R', '\x81', ')R', '\x86R', '\x85R', ')\x81', ')}\x92', 'o', 'tR') },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '(',
      't',
      '\x85',
      '\x86',
      '\x87',
      ')',
      ']',
      '}',
      'l',
      'N',
      'K\x05',
      'C\x01a',
      '0',
      '1',
      '2',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'b',
      'a',
      'e',
      's',
      'u',
      '\x90',
      '\x8f',
      'd',
      '\x91',
      '.',
      '\x95\x05\0\0\0\0\0\0\0',
      '\x80\x04',
    ),
  },
);
const soup: fc.Arbitrary<Uint8Array> = fc.array(piece, { maxLength: 40 }).map((pieces) => bytes(`${pieces.join('')}.`));
const anyOpcodes: fc.Arbitrary<Uint8Array> = fc
  .array(fc.oneof(fc.constantFrom(...opcodes.map(({ code }) => code)), fc.integer({ min: 0, max: 255 })), {
    maxLength: 60,
  })
  .map((codes) => Uint8Array.from(codes));
const anything: fc.Arbitrary<Uint8Array> = fc.oneof(fc.uint8Array({ maxLength: 60 }), anyOpcodes, soup);

/** One spelling for both of a name. */
function spelled(module: string, name: string): string {
  const token = new Globals([], 'inert').find(module, name) as PyGlobal;
  return JSON.stringify([token.module, token.name]);
}

/** What unpickling, with unknown globals inert, asks of the policy: names to find, and names to call. */
function asked(data: Uint8Array): { found: Set<string>; called: Set<string>; decodes: boolean } {
  const find = vi.spyOn(Globals.prototype, 'find');
  const callable = vi.spyOn(Globals.prototype, 'callable');
  let decodes = true;
  try {
    unpickle(data, { unknownGlobals: 'inert', extensions, strings: 'latin1', persistentLoad: () => null });
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    decodes = false;
  }
  const finds = find.mock.calls.slice();
  const tokens = callable.mock.calls.map(([token]) => token);
  vi.restoreAllMocks();
  return {
    found: new Set(finds.map(([module, name]) => spelled(module, name))),
    called: new Set(tokens.map(({ module, name }) => spelled(module, name))),
    decodes,
  };
}

function spelledFindings(report: ScanReport, filter: (finding: GlobalFinding) => boolean): Set<string> {
  const firstPickle = report.globals.filter((finding) => finding.pickle === 0 && finding.unresolved === null);
  return new Set(firstPickle.filter(filter).map(({ module, name }) => spelled(module as string, name as string)));
}

function expectComplete(data: Uint8Array): boolean {
  const { found, called, decodes } = asked(data);
  const report = scan(data, options);
  const findings = spelledFindings(report, () => true);
  expect([...found].filter((name) => !findings.has(name))).toEqual([]);
  const calls = spelledFindings(report, (finding) => finding.called);
  // _reconstructor makes an instance of a class that it is given: no opcode calls that.
  const reconstructs = found.has(spelled('copyreg', '_reconstructor'));
  if (!reconstructs) expect([...called].filter((name) => !calls.has(name))).toEqual([]);
  if (decodes) {
    expect([...findings].filter((name) => !found.has(name))).toEqual([]);
    expect([...calls].filter((name) => !called.has(name))).toEqual([]);
    expect(report.problems.filter(({ pickle, code }) => pickle === 0 && code !== 'ERR_PICKLE_FRAME')).toEqual([]);
  }
  return decodes && found.size > 0;
}

test('every global that a decoder asks its policy for is found, and called if it is called; no other in what decodes', () => {
  let telling = 0;
  checkProperty(
    fc.property(soup, (data) => {
      if (expectComplete(data)) telling++;
    }),
    { numRuns: 1500 },
  );
  // The law would say little if hardly any of these pickles could be decoded.
  expect(telling).toBeGreaterThan(30);
});

test('so is every global of the fixtures, and of the fixtures with a byte changed', () => {
  const repr = JSON.parse(readFileSync(new URL('../../fixtures/repr.json', import.meta.url), 'utf8')) as {
    protocols: Record<string, string>;
  }[];
  const values = repr.flatMap(({ protocols }) => Object.values(protocols));
  const pickles = [
    ...values.map((pickle) => Uint8Array.from(Buffer.from(pickle, 'base64'))),
    ...['2.7', '3.13'].flatMap((python) => readPayloads(python).map(({ payload }) => payload)),
  ];
  let telling = 0;
  for (const [i, data] of pickles.entries()) {
    if (expectComplete(data)) telling++;
    expect(scan(data)).toMatchObject({ pickles: 1, problems: [], broken: null, truncated: false });
    const changed = data.slice();
    changed[(i * 7919) % data.length] = (i * 31) % 256;
    expectComplete(changed);
  }
  expect(telling).toBeGreaterThan(1000);
});

test('no bytes make the scan throw, and a break or a problem lies within them', () => {
  checkProperty(
    fc.property(anything, (data) => {
      const report = scan(data, options);
      const { globals, problems, broken, persistentIds } = report;
      for (const { offset } of [...globals, ...problems, ...persistentIds]) {
        expect(offset >= 0 && offset <= data.length).toBe(true);
      }
      if (broken !== null) expect(broken.offset >= 0 && broken.offset <= data.length).toBe(true);
      expect(report.pickles > 0 || broken !== null).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

/** The data in pieces of the given sizes, and a last one; each in a buffer that is overwritten when the next is asked for. */
function* cut(data: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  let start = 0;
  for (const size of [...sizes, data.length]) {
    const chunk = data.slice(start, start + size);
    start += size;
    yield chunk;
    chunk.fill(0x28);
  }
}

test('a stream cut anywhere is reported as the whole of it', async () => {
  const long = fc.integer({ min: 0, max: 40 }).map((length) => 'x'.repeat(length));
  const wordy = fc
    .tuple(long, long)
    .chain(([a, b]) =>
      fc.constantFrom(
        str(a),
        `V${a}\n`,
        global(a, b),
        `(i${a}\n${b}\n`,
        `\x8e${uint(a.length, 8)}${a}`,
        `P${a}\n`,
        `p${' '.repeat(a.length)}1\n`,
      ),
    );
  const streams = fc
    .array(fc.oneof(piece, wordy, fc.constant('.')), { maxLength: 30 })
    .map((pieces) => bytes(pieces.join('')));
  await checkProperty(
    fc.asyncProperty(
      fc.oneof(streams, anything),
      fc.array(fc.integer({ min: 0, max: 9 })),
      fc.constantFrom(4, 8, 20, 256),
      async (data, sizes, maxNameBytes) => {
        const limited: ScanOptions = { extensions, limits: { maxNameBytes } };
        const whole = scan(data, limited);
        expect(await scanStream(cut(data, sizes), limited)).toEqual(whole);
        expect(await scanStream(cut(data, new Array(data.length).fill(1)), limited)).toEqual(whole);
      },
    ),
    { numRuns: 1000 },
  );
});

test('small limits leave names out, of which the report says that it is truncated, and give no other name for one', () => {
  checkProperty(
    fc.property(soup, fc.integer({ min: 1, max: 4 }), (data, most) => {
      const whole = scan(data, options);
      const limits = { maxFindings: 1000, maxNameBytes: 256, maxStack: most, maxMemo: most };
      const limited = scan(data, { extensions, limits });
      const known = new Set(limited.globals.map(({ offset, module, name }) => `${offset} ${module} ${name}`));
      for (const { offset, module, name } of whole.globals) {
        expect(known.has(`${offset} ${module} ${name}`) || limited.truncated).toBe(true);
      }
      const there = new Set(whole.globals.map(({ offset, module, name }) => `${offset} ${module} ${name}`));
      for (const { offset, module, name, unresolved } of limited.globals) {
        if (unresolved === null) expect(there.has(`${offset} ${module} ${name}`)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
