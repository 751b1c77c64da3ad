// The records that the tests of JSON share. Knows no formatter.

import type { LogRecord } from '../../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../../src/logging/event/make-log-record.ts';

/** What a SocketHandler of Python 3.13 sends of `log.info('Hello %s', 'you')`, and the entries given. */
export function sent(entries: Readonly<Record<string, unknown>> = {}): LogRecord {
  return fromDict({
    name: 'shop.orders',
    msg: 'Hello you',
    args: null,
    levelname: 'INFO',
    levelno: 20,
    pathname: '/srv/shop/views.py',
    filename: 'views.py',
    module: 'views',
    exc_info: null,
    exc_text: null,
    stack_info: null,
    lineno: 31,
    funcName: 'buy',
    created: 1_700_000_000.25,
    msecs: 250.5,
    relativeCreated: 59.875,
    thread: 140_000_000_000_000,
    threadName: 'MainThread',
    processName: 'MainProcess',
    process: 42,
    taskName: null,
    ...entries,
  });
}

/** A record of these entries alone: all else is None. */
export function bare(entries: Readonly<Record<string, unknown>> = {}): LogRecord {
  const nothing = 'name levelname pathname filename module exc_text stack_info lineno funcName'.split(' ');
  return fromDict({ ...Object.fromEntries(nothing.map((name) => [name, null])), msg: 'm', created: 0.5, ...entries });
}

export function fromDict(entries: Readonly<Record<string, unknown>>): LogRecord {
  return makeLogRecord(new Map(Object.entries(entries)));
}

export const TRACEBACK = `Traceback (most recent call last):
  File "/srv/shop/views.py", line 31, in buy
    pay()
ValueError: no money`;
