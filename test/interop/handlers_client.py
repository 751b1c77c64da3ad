# -*- coding: utf-8 -*-
# Run as `python handlers_client.py SCENARIO ARGUMENT…`, with python/ on the path: logs through the handlers there.
# Runs on 2.7 and 3.6 or newer.

from __future__ import print_function

import json
import logging
import logging.config
import logging.handlers
import os
import sys
import time

import picklewire_handlers

# A stock client drops a record that takes longer than a second, which on a busy machine is no fault of a handler.
connect = logging.handlers.SocketHandler.makeSocket
logging.handlers.SocketHandler.makeSocket = lambda self, timeout=None: connect(self, 30)


def record(msg):
    return logging.LogRecord('app', logging.INFO, __file__, 1, msg, (), None)


def configured(handler):
    """The logger of a dictConfig with this handler."""
    handlers = {'remote': json.loads(handler)}
    logging.config.dictConfig({'version': 1, 'handlers': handlers, 'root': {'level': 'INFO', 'handlers': ['remote']}})
    return logging.getLogger('app')


def in_child(act):
    child = os.fork()
    if child == 0:
        act()
        logging.shutdown()
        os._exit(0)
    os.waitpid(child, 0)


def records(handler, count):
    """A record, one from a child, none from another, many more, one with a traceback; and ends at once."""
    log = configured(handler)
    log.info(u'first é')
    in_child(lambda: log.info('from the child'))
    in_child(lambda: None)
    for number in range(int(count)):
        log.info('record %d', number)
    try:
        raise ValueError('failed')
    except ValueError:
        log.exception('last')


def brief(handler):
    """A long record, and the end."""
    configured(handler).info('x' * 2 ** 22)


def refused(handler):
    """Logs until it turns out that the receiver cannot be spoken to, and twice more."""
    log = configured(handler)
    remote, = log.root.handlers
    after = 0
    while after < 3:
        log.info('a record')
        time.sleep(0.02)
        # No waiting between attempts.
        remote.retryTime = None
        after += remote._reason is not None


class Clock(object):
    def __init__(self, ahead):
        self.ahead = ahead

    def time(self):
        return time.time() + self.ahead


def attacks(port, unsigned_port, first, second, unknown):
    def sender(keyfile, port=port):
        return picklewire_handlers.SignedSocketHandler('127.0.0.1', int(port), hmac_keyfile=keyfile)

    def send(handler, *frames):
        for frame in frames:
            handler.send(frame)
        handler.close()

    good = sender(first)
    frame = good.makePickle(record('good'))
    tampered = bytearray(frame)
    tampered[-10] ^= 1
    send(good, frame, frame, bytes(tampered))
    for keyfile, msg in ((second, 'rotated'), (unknown, 'unknown')):
        handler = sender(keyfile)
        send(handler, handler.makePickle(record(msg)))
    for ahead in (-1000, 1000):
        handler = sender(first)
        picklewire_handlers.time = Clock(ahead)
        send(handler, handler.makePickle(record('skewed')))
        picklewire_handlers.time = time
    stock = logging.handlers.SocketHandler('127.0.0.1', int(port))
    send(stock, stock.makePickle(record('unsigned')))
    lost = sender(first, unsigned_port)
    send(lost, lost.makePickle(record('signed')))


def sessions(port, keyfile):
    """Prints the session and the counter of frames on one connection, and on the next."""
    handler = picklewire_handlers.SignedSocketHandler('127.0.0.1', int(port), hmac_keyfile=keyfile)
    for lost in (False, False, True, False):
        if lost:
            handler.sock.close()
            handler.sock = None
        frame = handler.makePickle(record('m'))
        print(picklewire_handlers.binascii.hexlify(frame[12:28]).decode('ascii'))
        handler.send(frame)


def keys(*paths):
    """Prints for each key file its keys in hex, or why it has none."""
    for path in paths:
        try:
            found = picklewire_handlers.read_keys(path)
            print(json.dumps([picklewire_handlers.binascii.hexlify(key).decode('ascii') for key in found]))
        except ValueError as error:
            print(json.dumps(str(error)))


if __name__ == '__main__':
    {f.__name__: f for f in (records, brief, refused, attacks, sessions, keys)}[sys.argv[1]](*sys.argv[2:])
