// Handlers of Python's that speak TLS in the simplest way there is: not a record is lost when they leave.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { receiving } from '../receiver/receiving.ts';
import { hasOpenssl, makeCertificates } from './certificates.ts';
import { findPythons } from './pythons.ts';

const CLIENT = fileURLToPath(new URL('tls_client.py', import.meta.url));
const COUNT = 2000;

const has = hasOpenssl('the tests of Python with TLS');
const folder = has ? makeCertificates() : '';
const pem = (name: string): Buffer => readFileSync(join(folder, name));
const pythons = findPythons();

test.runIf(has).each(pythons)('$version: a client that leaves without a word loses nothing', async ({ command }) => {
  const tls = { cert: pem('server.pem'), key: pem('server.key') };
  const { receiver, handled, rejections } = await receiving({ listen: 'tls://127.0.0.1:0', tls });
  const gone = once(receiver, 'disconnect');
  const args = [CLIENT, `${receiver.address?.port}`, join(folder, 'ca.pem'), `${COUNT}`];
  const [code] = await once(spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit');
  expect(code).toBe(0);
  const [, disconnect] = await gone;
  expect(handled.findIndex((msg, index) => msg !== `${index}`)).toBe(-1);
  expect(handled).toHaveLength(COUNT);
  expect(disconnect).toEqual({ why: 'end' });
  expect(rejections).toEqual([]);
});
