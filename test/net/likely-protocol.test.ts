import { expect, test } from 'vitest';

import { FrameReader } from '../../src/net/framing/frame-reader.ts';
import { latin1 } from './frames.ts';

test.each([
  ['tls', '\x16\x03\x01\x02\x00\x01\x00'],
  ['tls', '\x16\x03\x03\x00\xf8'],
  ['http', 'GET / HTTP/1.1\r\n'],
  ['http', 'POST /logs HTTP/1.1\r\n'],
  ['http', 'PUT /x'],
  ['http', 'HEAD /'],
  ['http', 'DELETE /x'],
  ['http', 'OPTIONS *'],
  ['http', 'CONNECT host:443'],
  ['http', 'TRACE /'],
  ['http', 'PATCH /x'],
  ['http', 'PRI * HTTP/2.0'],
  ['json', '{"msg": "hello"}'],
  ['json', '[{"msg": "hello"}]'],
  ['json', '["tag", 1, {}]'],
  ['json', '[\n  {}'],
  ['syslog', '<34>1 2003-10-11T22:14:15.003Z'],
  ['syslog', '63 <34>1 2003-10-11T22:14:15.003Z'],
  ['syslog', '163 <34>1 2003-10-11T22:14:15.003Z'],
  ['pickle', '\x80\x04\x95\x10\0\0\0'],
  ['pickle', '\x80\x02}q\0'],
  ['pickle', '}q\0(X\x04\0\0\0name'],
  ['pickle', ']q\0(K\x01'],
  ['pickle', "(dp0\nS'name'\n"],
  ['pickle', '(lp0\n'],
  ['text', 'Jackdaws love my big sphinx of quartz.\n'],
  ['text', '[INFO] started'],
  ['text', '2026-11-22 12:00:00 INFO started'],
  ['text', '<html>'],
  ['text', 'SSH-2.0-OpenSSH_9.6'],
  ['unknown', '\xde\xad\xbe\xef'],
  ['unknown', '\x80\x06\x95\x10'],
  ['unknown', '\x01\0\0\0'],
  ['unknown', '\x15\x03\x01\0'],
])('%s is what %j looks like', (protocol, bytes) => {
  const reader = new FrameReader({ onFrame: () => {} });
  reader.push(latin1(bytes));
  expect(reader.failure?.protocol).toBe(protocol);
});

test('the error says in one line what stood where and what it looks like', () => {
  const reader = new FrameReader({ onFrame: () => {} });
  reader.push(latin1('\x16\x03\x01\x02'));
  expect(reader.failure?.message).toBe(
    'no frame length at byte 0 of the stream: 0x16030102; this looks like a TLS handshake',
  );
});
