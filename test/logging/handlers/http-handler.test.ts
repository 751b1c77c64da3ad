// HTTPHandler: the requests that a server gets, and servers that refuse, hang, and go away.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LoggingError } from '../../../src/logging/errors.ts';
import type { LogRecord } from '../../../src/logging/event/log-record.ts';
import { HTTPHandler, type HTTPHandlerOptions } from '../../../src/logging/handlers/http-handler.ts';
import { makeRecord } from '../recording.ts';
import { localhostCertificate, localhostKey } from './localhost.ts';
import { useScratch } from './scratch.ts';

const scratch = useScratch();

/** A request as it came: its first line, those of its headers that matter, and what the form says. */
interface Received {
  readonly method: string;
  readonly path: string;
  readonly form: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

interface Listening {
  readonly server: Server;
  readonly host: string;
  readonly requests: Received[];
}

/** Answers every request by `answer`; by default, with 200. */
async function listening(
  answer: (response: ServerResponse, received: Received) => void = (response) => response.end('thanks'),
  { secure = false, port = 0 } = {},
): Promise<Listening> {
  const requests: Received[] = [];
  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
    const form = new URLSearchParams(request.method === 'POST' ? body : search);
    const path = request.method === 'POST' ? (request.url ?? '') : pathname;
    const received = { method: request.method ?? '', path, form, headers: request.headers };
    requests.push(received);
    answer(response, received);
  };
  const server = secure
    ? createSecureServer({ key: localhostKey, cert: localhostCertificate }, onRequest)
    : createServer(onRequest);
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A handler that tries again at once, and is closed after the test. */
function handlerOf(host: string, options: HTTPHandlerOptions = {}): HTTPHandler {
  const handler = new HTTPHandler(host, '/', options);
  handler.retryStart = 0.001;
  handler.retryFactor = 1;
  onTestFinished(() => handler.close().catch(() => {}));
  return handler;
}

const spam = makeRecord({ name: 'http', msg: 'sp\xe4m & eggs', funcName: 'test_output', created: 5 });

describe.each([false, true])('with secure %s', (secure) => {
  test('each record is a form, by GET and by POST', async () => {
    const { host, requests } = await listening(undefined, { secure });
    const handler = new HTTPHandler(host, '/frob', {
      secure,
      credentials: ['foo', 'b\xe4r'],
      ...(secure ? { context: { ca: localhostCertificate } } : {}),
    });
    for (const method of ['GET', 'post']) {
      handler.method = method;
      handler.handle(spam);
      await handler.flush();
      const request = requests.at(-1);
      expect([request?.method, request?.path]).toEqual([method.toUpperCase(), '/frob']);
      expect(Object.fromEntries(request?.form ?? [])).toMatchObject({
        name: 'http',
        msg: 'sp\xe4m & eggs',
        funcName: 'test_output',
        created: '5.0',
        args: '()',
        exc_info: 'None',
      });
      expect(request?.headers).toMatchObject({
        host,
        authorization: `Basic ${Buffer.from('foo:b\xe4r').toString('base64')}`,
        'accept-encoding': 'identity',
      });
    }
    expect(requests.at(-1)?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    await handler.close();
    expect([requests.length, handler.errors.size]).toEqual([2, 0]);
  });
});

test('the URL may have a query already', async () => {
  const { host, requests } = await listening();
  const handler = new HTTPHandler(host, '/log?source=1');
  handler.handle(spam);
  await handler.flush();
  handler.method = 'POST';
  handler.handle(spam);
  await handler.close();
  expect(requests.map(({ path, form }) => [path, form.get('source'), form.get('name')])).toEqual([
    ['/log', '1', 'http'],
    ['/log?source=1', null, 'http'],
  ]);
});

test('a subclass decides what is sent', async () => {
  class Short extends HTTPHandler {
    override mapLogRecord(record: LogRecord): Iterable<readonly [unknown, unknown]> {
      return [['text', this.format(record)]];
    }
  }
  const { host, requests } = await listening();
  const handler = new Short(host, '/');
  handler.handle(spam);
  await handler.close();
  expect([...(requests[0]?.form ?? [])]).toEqual([['text', 'sp\xe4m & eggs']]);
});

test('requests are made one after another, in order, and close waits for the last answer', async () => {
  let open = 0;
  let most = 0;
  const { host, requests } = await listening((response) => {
    open++;
    most = Math.max(most, open);
    setImmediate(() => {
      open--;
      response.end();
    });
  });
  const handler = new HTTPHandler(host, '/', { method: 'POST' });
  for (let index = 0; index < 50; index++) handler.handle(makeRecord({ msg: String(index) }));
  await handler.close();
  expect(requests.map(({ form }) => form.get('msg'))).toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
  expect(most).toBe(1);
});

describe('a server', () => {
  test('that refuses a record for good is counted, and does not get it again', async () => {
    const { host, requests } = await listening((response, { form }) => {
      response.statusCode = Number(form.get('msg'));
      response.end();
    });
    const handler = new HTTPHandler(host, '/');
    for (const msg of ['404', '302', '400', '204', '404', '499']) handler.handle(makeRecord({ msg }));
    await handler.close();
    expect(requests.map(({ form }) => form.get('msg'))).toEqual(['404', '302', '400', '204', '404', '499']);
    expect([...handler.errors]).toEqual([
      ['the server answered 404', 2],
      ['the server answered 400', 1],
      ['the server answered 499', 1],
    ]);
    expect([handler.written, handler.failed, handler.dropped.size, scratch.stderr.length]).toEqual([2, 4, 0, 3]);
  });

  test.each([429, 500, 502, 503, 599])(
    'that answers %d gets the record again, and those after it later',
    async (status) => {
      let refusals = 3;
      const { host, requests } = await listening((response, { form }) => {
        response.statusCode = form.get('msg') === '2' && refusals-- > 0 ? status : 200;
        response.end();
      });
      const handler = handlerOf(host);
      for (const msg of ['1', '2', '3']) handler.handle(makeRecord({ msg }));
      await expect(handler.flush()).rejects.toThrow(`the server answered ${status}`);
      while (handler.waiting > 0) await handler.flush().catch(() => {});
      expect(requests.map(({ form }) => form.get('msg'))).toEqual(['1', '2', '2', '2', '2', '3']);
      expect([...handler.errors]).toEqual([[`the server answered ${status}`, 3]]);
      expect([handler.written, handler.failed, handler.dropped.size]).toEqual([3, 0, 0]);
    },
  );

  test('that breaks the connection has perhaps had its record, and gets it again', async () => {
    let breaks = 1;
    const { host, requests } = await listening((response, { form }) => {
      if (form.get('msg') === 'lost' && breaks-- > 0) response.destroy();
      else response.end();
    });
    const handler = handlerOf(host);
    for (const msg of ['1', 'lost', '2']) handler.handle(makeRecord({ msg }));
    await vi.waitFor(() => expect(handler.waiting).toBe(0));
    expect(requests.map(({ form }) => form.get('msg'))).toEqual(['1', 'lost', 'lost', '2']);
    expect([[...handler.errors.values()], handler.written, handler.failed, handler.dropped.size]).toEqual([
      [1],
      3,
      0,
      0,
    ]);
  });

  test('that does not answer in time gets the record again; one whose answer has no end has had it', async () => {
    let silent = 1;
    const { host, requests } = await listening((response, { form }) => {
      if (form.get('msg') === 'endless') response.write('x');
      else if (silent-- <= 0) response.end();
    });
    const handler = handlerOf(host, { timeout: 100 });
    handler.handle(makeRecord({ msg: 'silent' }));
    await expect(handler.flush()).rejects.toThrow('no answer within 100 ms');
    handler.handle(makeRecord({ msg: 'endless' }));
    await handler.flush();
    expect(requests.map(({ form }) => form.get('msg'))).toEqual(['silent', 'silent', 'endless']);
    expect([[...handler.errors], handler.written]).toEqual([[['no answer within 100 ms', 1]], 2]);
  });

  test('that answers without end is not read without end', async () => {
    let sent = 0;
    const { host, requests } = await listening((response) => {
      const block = Buffer.alloc(16 * 1024);
      const more = (): void => {
        sent += block.length;
        if (!response.destroyed) response.write(block, () => setImmediate(more));
      };
      more();
    });
    const handler = new HTTPHandler(host, '/');
    for (const msg of ['1', '2']) handler.handle(makeRecord({ msg }));
    await handler.flush();
    expect([requests.length, handler.written, handler.errors.size]).toEqual([2, 2, 0]);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  describe('that asks to be left alone for a while', () => {
    /** Milliseconds from the first request to the second, of a server that first answers 503 with this Retry-After. */
    async function waited(retryAfter: () => string, settings: Partial<HTTPHandler>): Promise<number> {
      const times: number[] = [];
      const { host } = await listening((response) => {
        times.push(performance.now());
        if (times.length === 1) response.writeHead(503, { 'Retry-After': retryAfter() });
        response.end();
      });
      const handler = Object.assign(handlerOf(host), settings);
      handler.handle(spam);
      await vi.waitFor(() => expect(handler.written).toBe(1), 5000);
      const [first = 0, second = 0] = times;
      return second - first;
    }

    test.each<[string, () => string]>([
      ['in seconds', () => '1'],
      ['by a date', () => new Date(Date.now() + 2000).toUTCString()], // whole seconds: at least one from now
    ])('%s is', async (_, retryAfter) => {
      expect(await waited(retryAfter, { retryMax: 30 })).toBeGreaterThan(950);
    });

    test('is for retryMax at most', async () => {
      expect(await waited(() => '3600', { retryMax: 0.2 })).toBeGreaterThan(150);
    });

    test.each(['soon', '-5', 'Thu, 01 Jan 1970 00:00:00 GMT', '0'])(
      'by %s is for as long as any other',
      async (text) => {
        expect(await waited(() => text, { retryStart: 0.05, retryMax: 30 })).toBeLessThan(1000);
      },
    );
  });

  test('may answer at length', async () => {
    const { host, requests } = await listening((response) => response.end('x'.repeat(2 ** 20)));
    const handler = new HTTPHandler(host, '/');
    for (const msg of ['1', '2']) handler.handle(makeRecord({ msg }));
    await handler.close();
    expect([requests.length, handler.errors.size]).toEqual([2, 0]);
  });

  test('that is not there yet gets the records when it is', async () => {
    const { host, server } = await listening();
    server.close();
    await once(server, 'close');
    const handler = new HTTPHandler(host, '/', { maxPending: 700 });
    for (const levelname of ['INFO', 'WARNING', 'ERROR']) handler.handle(makeRecord({ levelname }));
    await expect(handler.flush()).rejects.toThrow('ECONNREFUSED');
    const { requests } = await listening(undefined, { port: Number(host.split(':')[1]) });
    await handler.close();
    expect(requests.map(({ form }) => form.get('levelname'))).toEqual(['INFO', 'WARNING']);
    expect([[...handler.dropped], scratch.stderr.length]).toEqual([[['ERROR', 1]], 1]);
  });

  test('that nobody vouches for gets nothing', async () => {
    const { host, requests } = await listening(undefined, { secure: true });
    const handler = new HTTPHandler(host, '/', { secure: true });
    handler.handle(spam);
    await expect(handler.close()).rejects.toThrow('self-signed certificate');
    expect([requests.length, [...handler.dropped]]).toEqual([0, [['INFO', 1]]]);
  });
});

test('a record that no request can be made of is counted as failed', async () => {
  const { host, requests } = await listening();
  const handler = new HTTPHandler(host, '/no space');
  handler.handle(spam);
  await handler.close();
  expect([requests.length, handler.failed, [...handler.errors.values()]]).toEqual([0, 1, [1]]);
});

test.each<[string, string, HTTPHandlerOptions]>([
  ['a method that is no form', 'localhost', { method: 'PUT' }],
  ['a context without HTTPS', 'localhost', { context: {} }],
  ['no host', '', {}],
  ['a port that is none', 'localhost:http', {}],
  ['a port that is too high', 'localhost:65536', {}],
  ['an IPv6 address without brackets', '::1', {}],
])('%s is refused', (_, host, options) => {
  const attempt = (): unknown => new HTTPHandler(host, '/log', options);
  expect(attempt).toThrow(LoggingError);
  expect(attempt).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
});

test('a method that is no form is refused later, too', () => {
  const handler = new HTTPHandler('localhost:80', '/log', { method: 'post' });
  expect(() => {
    handler.method = 'PUT';
  }).toThrow(LoggingError);
  expect(handler.method).toBe('POST');
});
