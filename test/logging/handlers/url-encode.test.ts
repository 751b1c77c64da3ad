// Percent-encoding, against what Python 3.13's urllib.parse gives.

import { describe, expect, test } from 'vitest';
import { recordDict } from '../../../src/logging/event/record-dict.ts';
import { quotePlus, urlencode } from '../../../src/logging/handlers/url-encode.ts';
import { PyDate, PyDecimal, PyTuple } from '../../../src/pickle/index.ts';
import { makeRecord } from '../recording.ts';

describe('quotePlus', () => {
  test.each<[string, string | Uint8Array, string]>([
    [
      'every ASCII character',
      String.fromCharCode(...Array(128).keys()),
      '%00%01%02%03%04%05%06%07%08%09%0A%0B%0C%0D%0E%0F%10%11%12%13%14%15%16%17%18%19%1A%1B%1C%1D%1E%1F+%21%22%23%24' +
        '%25%26%27%28%29%2A%2B%2C-.%2F0123456789%3A%3B%3C%3D%3E%3F%40ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5C%5D%5E_%60' +
        'abcdefghijklmnopqrstuvwxyz%7B%7C%7D~%7F',
    ],
    ['text beyond ASCII', 'é€\u{1f600} ~', '%C3%A9%E2%82%AC%F0%9F%98%80+~'],
    ['bytes', Uint8Array.of(0, 32, 255, 65), '%00+%FFA'],
    ['a lone surrogate, which Python refuses', '\udce9', '%5Cudce9'],
    ['nothing', '', ''],
  ])('of %s', (_, value, expected) => {
    expect(quotePlus(value)).toBe(expected);
  });
});

test('urlencode of the attributes of a record is that of Python', () => {
  const record = makeRecord({
    msg: '%s & 100%',
    args: PyTuple.of('x y'),
    pathname: '/srv/a b.py',
    filename: 'a b.py',
    module: 'a b',
    lineno: 7,
    funcName: 'f',
    created: 1_700_000_000,
    msecs: 0,
    relativeCreated: 12.5,
    thread: 140_000_000_000_000,
    threadName: 'MainThread',
    processName: 'MainProcess',
    process: 42,
    user: 'é',
    data: Uint8Array.of(255, 32, 97),
    big: 2n ** 70n,
    when: new PyDate(2024, 1, 2),
    price: new PyDecimal('1.10'),
    flag: true,
    n: null,
    l: [1, 'a'],
  });
  expect(urlencode(recordDict(record))).toBe(
    'name=app&msg=%25s+%26+100%25&args=%28%27x+y%27%2C%29&levelname=INFO&levelno=20&pathname=%2Fsrv%2Fa+b.py&' +
      'filename=a+b.py&module=a+b&exc_info=None&exc_text=None&stack_info=None&lineno=7&funcName=f&' +
      'created=1700000000.0&msecs=0.0&relativeCreated=12.5&thread=140000000000000&threadName=MainThread&' +
      'processName=MainProcess&process=42&taskName=None&user=%C3%A9&data=%FF+a&big=1180591620717411303424&' +
      'when=2024-01-02&price=1.10&flag=True&n=None&l=%5B1%2C+%27a%27%5D',
  );
});

test('names are encoded as values are', () => {
  const pairs: [unknown, unknown][] = [
    ['a b', 1],
    [Uint8Array.of(255), 2],
    [null, 3],
  ];
  expect(urlencode(pairs)).toBe('a+b=1&%FF=2&None=3');
  expect(urlencode([])).toBe('');
});
