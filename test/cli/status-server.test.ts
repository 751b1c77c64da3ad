// What monitoring asks over HTTP: who is answered what.

import dns from 'node:dns';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { StatusServer } from '../../src/cli/monitoring/status-server.ts';

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly allow: string | undefined;
  readonly length: string | undefined;
  readonly body: string;
}

async function ask(url: string, method = 'GET', body = ''): Promise<Answer> {
  const asking = request(url, { method, agent: false });
  asking.end(body);
  const [response] = (await once(asking, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const { 'content-type': type, 'content-length': length, allow } = response.headers;
  return { status: response.statusCode, type, allow, length, body: text };
}

async function serving(sources: Partial<ConstructorParameters<typeof StatusServer>[0]> = {}): Promise<string> {
  const server = new StatusServer({ metrics: async () => ['text/x', 'a 1\n'], isReady: () => true, ...sources });
  return await server.listen({ host: '127.0.0.1', port: 0 });
}

test('answers /metrics, /health and /ready, with and without a query', async () => {
  const url = await serving();
  expect(await ask(`${url}/metrics?x=1`)).toMatchObject({ status: 200, type: 'text/x', body: 'a 1\n', length: '4' });
  expect(await ask(`${url}/health`)).toMatchObject({ status: 200, body: 'ok\n' });
  expect(await ask(`${url}/ready`)).toMatchObject({ status: 200, body: 'ok\n' });
});

test('/ready is 503 while no records are taken, and /health is not', async () => {
  let ready = false;
  const url = await serving({ isReady: () => ready });
  expect((await ask(`${url}/ready`)).status).toBe(503);
  expect((await ask(`${url}/health`)).status).toBe(200);
  ready = true;
  expect((await ask(`${url}/ready`)).status).toBe(200);
});

test('answers HEAD as GET, without a body; other methods 405; other paths 404', async () => {
  const url = await serving();
  expect(await ask(`${url}/metrics`, 'HEAD')).toMatchObject({ status: 200, type: 'text/x', body: '', length: '4' });
  for (const [method, body] of [
    ['POST', 'x'],
    ['PUT', 'x'],
    ['DELETE', ''],
    ['OPTIONS', ''],
  ] as const) {
    expect(await ask(`${url}/ready`, method, body)).toMatchObject({ status: 405, allow: 'GET, HEAD' });
  }
  for (const path of ['/', '/metrics/', '/metric', '//metrics', '/%6detrics']) {
    expect((await ask(url + path)).status, path).toBe(404);
  }
});

test('answers 500 where the metrics cannot be made, and nothing of why', async () => {
  const url = await serving({ metrics: () => Promise.reject(new Error('a secret')) });
  expect(await ask(`${url}/metrics`)).toMatchObject({ status: 500, body: 'no metrics\n' });
});

test('takes no long headers', async () => {
  const { port } = new URL(await serving());
  const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  const closed = once(socket, 'close');
  socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
  await closed;
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
});

test('says in one line where it cannot listen', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const server = new StatusServer({ metrics: async () => ['', ''], isReady: () => true });
  await expect(server.listen({ host: '127.0.0.1', port })).rejects.toThrow(
    new RegExp(`^cannot serve --metrics on port ${port} of 127\\.0\\.0\\.1: .*EADDRINUSE`),
  );
});

test('localhost is loopback, whatever a resolver makes of it', async () => {
  const lookup = vi.spyOn(dns, 'lookup');
  onTestFinished(() => lookup.mockRestore());
  const server = new StatusServer({ metrics: async () => ['text/x', ''], isReady: () => true });
  expect(await server.listen({ host: 'localhost', port: 0 })).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lookup.mock.calls.map(([host]) => host)).not.toContain('localhost');
});
