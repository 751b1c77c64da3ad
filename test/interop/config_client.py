# -*- coding: utf-8 -*-
# Run as `python config_client.py PORT...`: sends the same records to a receiver on each port, through a SocketHandler
# for each. Runs on 2.7 and 3.6 or newer.

import logging
import logging.handlers
import sys

root = logging.getLogger()
root.setLevel(1)
for port in sys.argv[1:]:
    root.addHandler(logging.handlers.SocketHandler('127.0.0.1', int(port)))

NAMES = ['', 'shop', 'shop.orders', 'shop.orders.new', 'shop.orders2', 'shop.returns', 'quiet', 'quiet.child', 'bank']
LEVELS = [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL, 25, 5]
TEXTS = [u'plain', u'größe € \U0001f600', u'two\nlines\twith a tab', u'100%', u'', u'x' * 150, u'{braces} $dollar']


def fail():
    raise ValueError(u'quantity must be positive')


for number in range(500):
    log = logging.getLogger(NAMES[number % len(NAMES)])
    level = LEVELS[number % len(LEVELS)]
    text = TEXTS[number // 3 % len(TEXTS)]
    if number % 50 == 7:
        try:
            fail()
        except ValueError:
            log.exception('%d failed', number)
    elif number % 4 == 0:
        log.log(level, u'%d %s', number, text, extra={'user': u'zoë'})
    else:
        log.log(level, u'%(number)05d %(text)s', {'number': number, 'text': text})
logging.shutdown()
