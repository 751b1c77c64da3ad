import { describe, expect, test } from 'vitest';

import {
  type Endpoint,
  EndpointError,
  endpointsOf,
  formatEndpoint,
  isLoopback,
  parseEndpoint,
} from '../../src/net/index.ts';

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
