// The exception that a traceback ends in, read from the texts that Pythons print.

import { expect, test } from 'vitest';
import { raisedException } from '../../../../src/logging/encode/json/traceback.ts';

const HEAD = 'Traceback (most recent call last):\n';
const STACK = '  File "/srv/shop.py", line 31, in <module>\n    try: buy()\n         ~~~^^\n';
const GROUP_HEAD = '  + Exception Group Traceback (most recent call last):\n';
const GROUP_STACK = '  |   File "/srv/shop.py", line 9, in buy\n  |     raise ExceptionGroup("many: of", failed)\n';
const MEMBERS = '  +-+---------------- 1 ----------------\n    | ValueError: inner\n    +------------------------\n';
const BECAUSE = '\n\nThe above exception was the direct cause of the following exception:\n\n';
const MEANWHILE = '\n\nDuring handling of the above exception, another exception occurred:\n\n';
const PLAIN = `${HEAD}${STACK}ValueError: bad`;
const GROUP = `${GROUP_HEAD}${GROUP_STACK}  | ExceptionGroup: many: of (1 sub-exception)\n${MEMBERS}`;

test.each<[what: string, text: string, type: string | null, message?: string]>([
  ['one line', PLAIN, 'ValueError', 'bad'],
  ['a line feed at the end', `${PLAIN}\n`, 'ValueError', 'bad'],
  [
    'a text with colons',
    `${HEAD}${STACK}OSError: [Errno 2] No such file: 'x'`,
    'OSError',
    "[Errno 2] No such file: 'x'",
  ],
  ['a text of several lines', `${PLAIN}\nsecond: line\n\n  third`, 'ValueError', 'bad\nsecond: line\n\n  third'],
  ['no text', `${HEAD}${STACK}KeyboardInterrupt`, 'KeyboardInterrupt', ''],
  ['a text that begins on the next line', `${HEAD}${STACK}ValueError: \nbad`, 'ValueError', '\nbad'],
  ['a class with its module', `${HEAD}${STACK}json.decoder.JSONDecodeError: no`, 'json.decoder.JSONDecodeError', 'no'],
  ['a class made in a function', `${HEAD}${STACK}app.f.<locals>.Größe: 1`, 'app.f.<locals>.Größe', '1'],
  ['a syntax error', `${HEAD}${STACK}  File "<s>", line 1\n    a b\n      ^\nSyntaxError: no`, 'SyntaxError', 'no'],
  ['a cause', `${PLAIN}${BECAUSE}${HEAD}${STACK}KeyError: 'k'`, 'KeyError', "'k'"],
  ['a context', `${PLAIN}${MEANWHILE}${HEAD}${STACK}RuntimeError`, 'RuntimeError', ''],
  [
    'a traceback quoted in the text',
    `${HEAD}${STACK}RuntimeError: it said:\n${PLAIN}`,
    'RuntimeError',
    `it said:\n${PLAIN}`,
  ],
  ['a cause that has no traceback', `mp.RemoteError: \n"""\n${PLAIN}\n"""${BECAUSE}${PLAIN}`, 'ValueError', 'bad'],
  ['a group', GROUP, 'ExceptionGroup', 'many: of (1 sub-exception)'],
  ['a group with a cause', `${PLAIN}${BECAUSE}${GROUP}`, 'ExceptionGroup', 'many: of (1 sub-exception)'],
  ['a group that is a cause', `${GROUP}${BECAUSE}${HEAD}${STACK}KeyError: 'k'`, 'KeyError', "'k'"],
  ['no exception', 'NoneType: None', null],
  ['nothing but a line feed', '\n', null],
  ['a text of the sender’s own', 'ValueError bad\n  at /srv/shop.py:31', null],
  ['a stack that is cut off', `${HEAD}${STACK}`, null],
  ['a header alone', HEAD, null],
  ['an exception with no name', `${HEAD}${STACK}what is this: bad`, null],
  ['a header within a line', `x ${HEAD}ValueError: bad`, null],
])('%s', (_, text, type, message = '') => {
  expect(raisedException(text)).toEqual(type === null ? null : { type, message });
});

test('takes time in proportion to the text, whatever it repeats', () => {
  const hostile = [HEAD.repeat(200_000), `${HEAD}${' \n'.repeat(3_000_000)}`, `${HEAD}${'a.'.repeat(3_000_000)}`];
  for (const text of [...hostile, `${GROUP_HEAD}${'  |  \n'.repeat(1_000_000)}`]) {
    expect(raisedException(text)?.type ?? null).toBe(null);
  }
});
