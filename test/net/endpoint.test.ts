import dns from 'node:dns';

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { DatagramServer, type Endpoint, EndpointError, formatEndpoint, parseEndpoint } from '../../src/net/index.ts';
import { endpointsOf, isLoopback } from '../../src/net/listen/index.ts';
import { listening } from './server-fixture.ts';

const tcp = (host: string, port: number): Endpoint => ({ transport: 'tcp', host, port });

describe('an endpoint', () => {
  test.each<[string, Endpoint, string]>([
    ['tcp://127.0.0.1:9020', tcp('127.0.0.1', 9020), 'tcp://127.0.0.1:9020'],
    ['tcp://127.0.0.1', tcp('127.0.0.1', 9020), 'tcp://127.0.0.1:9020'],
    ['TCP://localhost:0/', tcp('localhost', 0), 'tcp://localhost:0'],
    ['tcp://[::1]:65535', tcp('::1', 65_535), 'tcp://[::1]:65535'],
    ['tcp://[::]', tcp('::', 9020), 'tcp://[::]:9020'],
    ['tls://logs.example', { transport: 'tls', host: 'logs.example', port: 9020 }, 'tls://logs.example:9020'],
    ['udp://[::1]', { transport: 'udp', host: '::1', port: 9021 }, 'udp://[::1]:9021'],
    ['udp://0.0.0.0:1', { transport: 'udp', host: '0.0.0.0', port: 1 }, 'udp://0.0.0.0:1'],
    ['unix:/run/x.sock', { transport: 'unix', path: '/run/x.sock' }, 'unix:/run/x.sock'],
    ['unix:///run/x.sock', { transport: 'unix', path: '/run/x.sock' }, 'unix:/run/x.sock'],
    ['unix:x y.sock', { transport: 'unix', path: 'x y.sock' }, 'unix:x y.sock'],
  ])('%s is read, and written as it is read', (text, endpoint, canonical) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
    expect(formatEndpoint(endpoint)).toBe(canonical);
    expect(parseEndpoint(canonical)).toEqual(endpoint);
  });

  test.each([
    '',
    '127.0.0.1:9020',
    'tcp:127.0.0.1:9020',
    'http://127.0.0.1:9020',
    'tcp://127.0.0.1:port',
    'tcp://127.0.0.1:-1',
    'tcp://127.0.0.1:65536',
    'tcp://user@127.0.0.1',
    'tcp://127.0.0.1/logs',
    'tcp://:9020',
    'tcp://',
    'tcp://::1:9020',
    'tcp://[::1',
    'tcp://[127.0.0.1]:9020',
    'unix:',
    'unix:/x\0y',
  ])('%j is none, and that is said in one line', (text) => {
    expect(() => parseEndpoint(text)).toThrow(EndpointError);
    expect(() => parseEndpoint(text)).toThrow(/^[^\n\0]+$/);
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'ERR_ENDPOINT' }));
  });

  test('that was handed over is written by its number', () => {
    expect(formatEndpoint({ transport: 'fd', fd: 3, tls: true })).toBe('fd:3');
  });
});

describe('options', () => {
  test.each([
    [{}, [tcp('127.0.0.1', 9020)]],
    [{ port: 1 }, [tcp('127.0.0.1', 1)]],
    [{ host: '::1' }, [tcp('::1', 9020)]],
    [{ listen: 'tcp://[::1]:1' }, [tcp('::1', 1)]],
    [{ listen: tcp('h', 1) }, [tcp('h', 1)]],
    [{ listen: ['tcp://h:1', tcp('h', 2)] }, [tcp('h', 1), tcp('h', 2)]],
  ])('%j ask for these endpoints', (options, endpoints) => {
    expect(endpointsOf(options)).toEqual(endpoints);
  });

  test.each([{ listen: 'tcp://h', host: 'h' }, { listen: 'tcp://h', port: 0 }, { listen: [] }])(
    '%j contradict themselves',
    (options) => {
      expect(() => endpointsOf(options)).toThrow(TypeError);
    },
  );
});

test.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:7f00:1', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['0.0.0.0', false],
  ['::', false],
  ['128.0.0.1', false],
  ['126.255.255.255', false],
  ['::ffff:10.0.0.1', false],
  ['::2', false],
  ['localhost.example', false],
  ['127.0.0.1.example', false],
  ['', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('localhost is loopback, whatever a resolver makes of it,', () => {
  beforeEach(() => {
    // All of 127.0.0.0/8 may be bound on Linux only, but nobody gets there.
    vi.spyOn(dns, 'lookup').mockImplementation(((host: string, ...rest: unknown[]) => {
      const [family, isAll] = [4, (rest[0] as { all?: boolean }).all === true];
      const address = host.toLowerCase() === 'localhost' ? '127.0.0.9' : host;
      const callback = rest.at(-1) as (...args: unknown[]) => void;
      process.nextTick(() => (isAll ? callback(null, [{ address, family }]) : callback(null, address, family)));
    }) as unknown as typeof dns.lookup);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(['localhost', 'LocalHost'])('for connections to %s', async (host) => {
    const { server } = await listening({ host, port: 0 });
    expect(server.address?.address).toBe('127.0.0.1');
  });

  test('for datagrams', async () => {
    const server = new DatagramServer({ listen: 'udp://localhost:0', onFrame: () => {} });
    onTestFinished(() => server.close());
    expect((await server.listen()).address).toBe('127.0.0.1');
  });
});
