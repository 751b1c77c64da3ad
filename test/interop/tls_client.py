# Run as `tls_client.py PORT CAFILE COUNT`: sends numbered records over TLS as a handler does whose makeSocket wraps the
# socket and does no more, and leaves without closing anything.

import logging
import logging.handlers
import os
import ssl
import sys

port, cafile, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
context = ssl.create_default_context(cafile=cafile)


class TLSHandler(logging.handlers.SocketHandler):
    def makeSocket(self, *args):
        plain = logging.handlers.SocketHandler.makeSocket(self, *args)
        return context.wrap_socket(plain, server_hostname='localhost')


logger = logging.getLogger('tls')
logger.setLevel(logging.INFO)
logger.propagate = False
logger.addHandler(TLSHandler('127.0.0.1', port))
for number in range(count):
    logger.info('%d', number)
os._exit(0)
