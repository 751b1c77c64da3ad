// The README's examples run, and print what it says.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReceiver, type Receiver } from '../src/index.ts';
import { unpickle } from '../src/pickle/index.ts';
import { readPayloads } from './fixtures.ts';
import { frames } from './net/frames.ts';

const root = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1] as string);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'picklewire-readme-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Imports an example as a module of its own. What it imports from the package comes from `globalThis.example`. */
async function run(example: string, exported: Record<string, unknown>, extra = ''): Promise<Record<string, unknown>> {
  const code = example.replace(/^import (\{.*?\}) from 'picklewire[^']*';$/m, 'const $1 = globalThis.example;');
  expect(code).not.toContain("from 'picklewire");
  const file = join(folder, 'example.mjs');
  writeFileSync(file, code + extra);
  Object.assign(globalThis, { example: exported });
  try {
    return (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
  } finally {
    Reflect.deleteProperty(globalThis, 'example');
  }
}

test('the README opens with the two commands, then the Python side, then the library', () => {
  const order = ['npm ci && npm start', 'npm ci && npm test', 'SocketHandler(', 'createReceiver('];
  const places = order.map((text) => readme.indexOf(text));
  expect(places).not.toContain(-1);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  expect(examples).toHaveLength(3);
});

test('the receiver in five lines prints what a Python sends', async () => {
  const printed: unknown[][] = [];
  vi.spyOn(console, 'log').mockImplementation((...args) => void printed.push(args));
  let receiver: Receiver | undefined;
  const onFreePort = (options: object): Receiver => {
    receiver = createReceiver({ ...options, port: 0 });
    return receiver;
  };
  const finished = run(examples[0] as string, { createReceiver: onFreePort });
  await vi.waitFor(() => expect(receiver?.address).toBeTruthy());
  const [first] = readPayloads('3.13');
  connect(receiver?.address?.port as number, '127.0.0.1').end(frames(first?.payload as Uint8Array));
  await vi.waitFor(() => expect(printed).toHaveLength(1));
  await receiver?.close({ idle: 1 });
  await finished;
  expect(printed[0]?.[0]).toBe('DEBUG');
});

test('the decoder prints what the README says', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await run(examples[1] as string, await import('../src/pickle/index.ts'));
  expect(readme).toContain(`prints \`${log.mock.calls[0]?.[0]}\``);
});

test('a class of one’s own is allowed in three lines', async () => {
  const module = await run(examples[2] as string, await import('../src/pickle/index.ts'), '\nexport { decode };\n');
  const bytes = Buffer.from('cshop.models\nPoint\n(I1\nI2\ntR.');
  expect(() => unpickle(bytes)).toThrow('is not allowed');
  expect((module['decode'] as typeof unpickle)(bytes)).toEqual({ x: 1, y: 2 });
});
