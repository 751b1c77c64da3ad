# -*- coding: utf-8 -*-
"""Writes this Python's part of the corpora: SocketHandler frames of records that a made-up shop logs.

    python generate.py    writes pyX.Y-*.bin.gz beside itself; the same Python writes the same bytes again

Runs on Python 2.7 and 3.6 or newer. Knows nothing of who reads the frames.
"""
from __future__ import unicode_literals

import gzip
import io
import itertools
import os
import pickle
import random
import struct
import sys
import time

# The clock that LogRecord reads. It starts before logging is imported, which notes the time for relativeCreated.
instants = itertools.count(1768478400000000000, 1734567)
time.time_ns = lambda: next(instants)
time.time = lambda: next(instants) / 1e9

import logging  # noqa: E402
import logging.handlers  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = 'py%d.%d' % sys.version_info[:2]

MODULES = ['cart', 'checkout', 'catalog', 'payments', 'shipping', 'accounts', 'search', 'stock', 'mail', 'web']
FUNCTIONS = ['add_item', 'total', 'charge', 'refund', 'reserve', 'release', 'send', 'lookup', 'index', 'login']
MESSAGES = [
    ('order %s placed by user %d: %d items', lambda r: ('%08x' % r.getrandbits(32), r.randrange(90000), r.randrange(9))),
    ('GET /catalog/%d?page=%d %d in %.1f ms', lambda r: (r.randrange(9999), r.randrange(40), 200, r.random() * 90)),
    ('reserved %d of item %d', lambda r: (r.randrange(1, 5), r.randrange(70000))),
    ('charged %.2f EUR to card ending %04d', lambda r: (r.random() * 300, r.randrange(10000))),
    ('cache miss for key item:%d:price', lambda r: (r.randrange(70000),)),
    ('sent order confirmation to customer %d', lambda r: (r.randrange(90000),)),
    ('sök efter "%s" gav %d träffar', lambda r: (r.choice(['kaffe', 'te', 'bröd', 'smör']), r.randrange(300))),
    ('worker is idle', lambda r: ()),
]
LEVELS = [logging.DEBUG] * 3 + [logging.INFO] * 5 + [logging.WARNING, logging.ERROR]
THREADS = [(140735340871680 - 8392704 * i, 'MainThread' if i == 0 else 'worker-%d' % i) for i in range(6)]
TRACEBACK = '''Traceback (most recent call last):
  File "/srv/shop/app/%s.py", line %d, in %s
    response = gateway.post(order.amount, timeout=%d)
  File "/srv/shop/app/gateway.py", line 88, in post
    raise GatewayError(reply.status, reply.reason)
shop.errors.GatewayError: [%d] the bank does not answer'''


def native(text):
    """Python 2 programs log str, which there is bytes, and unicode where ASCII does not do."""
    return text.encode('ascii') if str is bytes and max(text) < '\x80' else text


def plain(r, extra=None):
    """A record as a sender's logger makes it."""
    module, function = r.choice(MODULES), r.choice(FUNCTIONS)
    text, arguments = r.choice(MESSAGES)
    arguments = tuple(native(a) if isinstance(a, type('')) else a for a in arguments(r))
    record = logging.getLogger('x').makeRecord(
        native('shop.' + module), r.choice(LEVELS), native('/srv/shop/app/%s.py' % module), r.randrange(10, 400),
        native(text), arguments, None, native(function), extra)
    thread, name = r.choice(THREADS)
    record.thread, record.threadName = thread, native(name)
    record.process, record.processName = 4100 + r.randrange(4), native('MainProcess')
    return record


def with_extras(r):
    return plain(r, {
        native('request_id'): native('%016x' % r.getrandbits(64)),
        native('user_id'): r.randrange(90000),
        native('seconds'): r.random(),
    })


def with_traceback(r):
    record = plain(r)
    record.levelno, record.levelname = logging.ERROR, native('ERROR')
    record.exc_text = native(TRACEBACK % (
        r.choice(MODULES), r.randrange(10, 400), r.choice(FUNCTIONS), r.randrange(1, 30), r.randrange(500, 600)))
    return record


def all_unique(r):
    """No text of it is in any other record."""
    def word(size):
        return native(''.join(r.choice('abcdefghijklmnopqrstuvwxyz0123456789') for _ in range(size)))
    record = plain(r)
    record.name = native('shop.') + word(8)
    record.msg, record.args = native('order placed by ') + word(30), ()
    record.levelname, record.funcName = word(7), word(10)
    record.module = word(9)
    record.filename = record.module + native('.py')
    record.pathname = native('/srv/shop/app/') + record.filename
    record.threadName, record.processName = word(10), word(11)
    return record


def frame(record, protocol=1):
    """What SocketHandler sends; a subclass may choose another protocol."""
    sent = logging.handlers.SocketHandler('localhost', None).makePickle(record)
    if protocol == 1:
        return sent
    body = pickle.dumps(pickle.loads(sent[4:]), protocol)
    return struct.pack('>L', len(body)) + body


def write(name, count, makers, protocol=1):
    r = random.Random(2026)
    frames = [frame(makers[i % len(makers)](r), protocol) for i in range(count)]
    packed = io.BytesIO()
    with gzip.GzipFile(filename='', mode='wb', compresslevel=9, fileobj=packed, mtime=0) as file:
        file.write(b''.join(frames))
    with open(os.path.join(HERE, '%s-%s.bin.gz' % (VERSION, name)), 'wb') as file:
        file.write(packed.getvalue())
    sys.stdout.write('%s-%s: %d bytes, %d compressed\n' % (VERSION, name, len(b''.join(frames)), packed.tell()))


if __name__ == '__main__':
    if VERSION == 'py3.13':
        write('plain', 1000, [plain])
        write('varied', 500, [plain, with_extras, with_traceback])
        write('all-unique', 1000, [all_unique])
        write('protocol4', 1000, [plain], 4)
    else:
        write('plain', 250, [plain])
