# -*- coding: utf-8 -*-
# Run as `python client.py PORT FILE FORMAT`: logs the same records to a SocketHandler and to a FileHandler, so that the
# file holds what this Python prints of what it sends. Runs on 2.7 and 3.6 or newer.

from __future__ import print_function

import logging
import logging.handlers
import sys

port, path, line = int(sys.argv[1]), sys.argv[2], sys.argv[3]

log = logging.getLogger('shop.orders')
log.setLevel(1)
log.addHandler(logging.handlers.SocketHandler('127.0.0.1', port))
to_file = logging.FileHandler(path, encoding='utf-8')
to_file.setFormatter(logging.Formatter(line))
log.addHandler(to_file)


class Order(object):
    def __str__(self):
        return 'order 42'


def info(msg, *args, **extra):
    values = {'user': 'nobody', 'request': 0}
    values.update(extra)
    log.info(msg, *args, extra=values)


def fail(depth):
    if depth == 0:
        raise ValueError(u'quantity must be positive: -1')
    fail(depth - 1)


info('a plain message')
info('')
info('%d%% of %s in %.3f s, %r', 99, 'orders', 1.5, 'quoted')
info('%(count)05d items, %(ratio)e', {'count': 7, 'ratio': 0.25})
info(Order())
info(u'Größe 10 €, 日本語, \U0001f600, \u00a0 and \u2028')
info(u'%s', u'größer')
info('two\nlines\ttabbed')
info('100% literal')
info('extras', user='alice', request=12345678901234567890)
info('extras', user=None, request=-1)
info('extras', user=True, request=2.5)
info('extras', user=1e300, request=float('nan'))
for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL, 5, 25):
    log.log(level, 'at level %d', level, extra={'user': 'nobody', 'request': level})
try:
    fail(2)
except ValueError:
    log.exception('failed for %s', 'order 42', extra={'user': 'bob', 'request': 1})
if sys.version_info[0] > 2:
    log.info('with its stack', stack_info=True, extra={'user': 'bob', 'request': 2})
log.getChild('é' if sys.version_info[0] > 2 else 'e').warning('from a child', extra={'user': u'zoë', 'request': 3})
info('x' * 100000)
for number in range(1000):
    info('record %d', number, request=number)
logging.shutdown()
