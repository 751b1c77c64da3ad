# Run as `python2.7 latin1_client.py PORT`: messages and a logger's name in bytes that are no UTF-8, as old programs log.

import logging
import logging.handlers
import sys

handler = logging.handlers.SocketHandler('127.0.0.1', int(sys.argv[1]))
root = logging.getLogger()
root.setLevel(logging.DEBUG)
root.addHandler(handler)

for number in range(100):
    logging.getLogger('caf\xe9').info('caf\xe9 %d', number)
root.info('caf\xc3\xa9')
root.info(''.join(map(chr, range(128, 256))))
try:
    raise ValueError('\xff\xfe')
except ValueError:
    root.exception('\x80')
handler.close()
