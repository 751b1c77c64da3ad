// src/pickle as a browser gets it: one bundle that needs nothing, and does in a page and in a worker what it does in Node.

import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as pickle from '../../src/pickle/index.ts';
import { readJson } from '../fixtures.ts';
import { bundled, findChromium, launch, serve } from './chromium.ts';
import { type Inputs, type Observed, observe } from './observe.ts';
import type { Place, Posted, Seen } from './script.ts';

const fixtures = readJson<{ protocols: Record<string, string>; repr: string }[]>('repr.json').flatMap((fixture) =>
  Object.values(fixture.protocols).map((encoded) => ({ pickle: encoded, text: fixture.repr })),
);
const disassembled = JSON.parse(readFileSync(new URL('../pickle/data/dis.json', import.meta.url), 'utf8')) as {
  pickle: string;
  text: string;
}[];

const depth = pickle.defaultLimits.maxDepth;
/** What takes the most of the engine's stack, of which a worker has less: the deepest values, and long text. */
const extremes: Readonly<Record<string, string>> = {
  lists: `${']'.repeat(depth)}${'a'.repeat(depth - 1)}.`,
  dicts: `${'}K\0'.repeat(depth - 1)}}${'s'.repeat(depth - 1)}.`,
  text: `V${'\xe9'.repeat(1_000_000)}\n.`,
};

const inputs: Inputs = {
  values: fixtures.map((fixture) => fixture.pickle),
  any: [...disassembled.map((each) => each.pickle), ...Object.values(extremes).map(base64)],
  forbidden: base64("cos\nsystem\n(S'id'\ntR."),
};

function base64(pickle: string): string {
  return Buffer.from(pickle, 'latin1').toString('base64');
}

const chromium = findChromium();
const places: readonly Place[] = ['page', 'worker'];

/** Opens a page with the script, and gives what it, and the worker that it starts, post. */
async function visit(browser: Browser, bundle: string): Promise<Record<Place, Seen>> {
  const script = await bundled('test/browser/script.ts');
  const posts = new EventEmitter();
  const site = await serve(
    {
      '/': { type: 'text/html', body: '<!doctype html><script type="module" src="/script.js"></script>' },
      '/script.js': { type: 'text/javascript', body: script.code },
      '/pickle.js': { type: 'text/javascript', body: bundle },
      '/inputs.json': { type: 'application/json', body: JSON.stringify(inputs) },
    },
    (path, body) => posts.emit(path, JSON.parse(body)),
  );
  const arrival = async (place: Place): Promise<[Place, Seen]> => {
    const [posted] = (await once(posts, `/posted/${place}`)) as [Posted];
    if ('failure' in posted) throw new Error(`in the ${place}: ${posted.failure}`);
    return [place, posted.seen];
  };
  try {
    const page = await browser.newPage();
    page.once('pageerror', (error) => posts.emit('error', error));
    page.once('crash', () => posts.emit('error', new Error('the page crashed')));
    const [, ...seen] = await Promise.all([page.goto(site.url), ...places.map(arrival)]);
    return Object.fromEntries(seen) as Record<Place, Seen>;
  } finally {
    site.close();
  }
}

test('the bundle is one module that imports nothing', async () => {
  const { code, imports } = await bundled('src/pickle/index.ts');
  expect(imports).toEqual([]);
  expect(code).not.toMatch(/\bimport\b|\brequire\b/);
  expect(code).toMatch(/\bexport\b/);
});

describe.skipIf(chromium === undefined)('in Chromium', () => {
  let browser: Browser | undefined;
  let seen: Record<Place, Seen>;
  let inNode: Observed;

  beforeAll(async () => {
    inNode = await observe(pickle, inputs);
    browser = await launch(chromium as string);
    seen = await visit(browser, (await bundled('src/pickle/index.ts')).code);
  }, 120_000);
  afterAll(() => browser?.close());

  describe.each(places)('a %s', (place) => {
    test('has nothing of Node, and makes no code from strings', () => {
      expect(seen[place]).toMatchObject({ nodeGlobals: [], codeGeneration: 'EvalError' });
    });

    test('decodes every fixture, of every protocol, to what Python prints', () => {
      expect(seen[place].observed.reprs).toEqual(fixtures.map(({ text }) => text));
    });

    test.each(['a Response', 'a Blob', 'a stream of small chunks', 'a stream that cannot be iterated'])(
      'decodes them from %s',
      (kind) => {
        expect(seen[place].observed.streamed[kind]).toEqual(fixtures.map(({ text }) => text));
      },
    );

    test('disassembles what pickletools does, as it does', () => {
      const { disassemblies } = seen[place].observed;
      expect(disassemblies.slice(0, disassembled.length)).toEqual(disassembled.map(({ text }) => text));
    });

    test.each(Object.keys(extremes))('has stack enough for the most that the limits allow of %s', (what) => {
      const at = disassembled.length + Object.keys(extremes).indexOf(what);
      expect(seen[place].observed.outcomes[at]).toBeTypeOf('string');
      expect(seen[place].observed.json[fixtures.length + at]).toBeTypeOf('string');
    });

    test('refuses a class that is not allowed, with its name and place', () => {
      expect(seen[place].observed.forbidden).toMatchObject({
        thrown: { name: 'PickleError', code: 'ERR_PICKLE_FORBIDDEN_GLOBAL', global: 'os.system', offset: 0 },
      });
    });

    test('reads, prints and refuses everything as Node does', () => {
      expect(seen[place].observed).toEqual(JSON.parse(JSON.stringify(inNode)));
    });
  });
});
