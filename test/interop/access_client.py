# -*- coding: utf-8 -*-
# Run as `python access_client.py HANDLER MESSAGE [SOURCE]`, with python/ on the path: logs one message through a handler of
# a dictConfig, from the address SOURCE if there is one. Runs on 2.7 and 3.6 or newer.

import json
import logging.config
import logging.handlers
import socket
import sys


def main(handler, message, source=None):
    connect = logging.handlers.SocketHandler.makeSocket

    # A stock client drops a record that takes longer than a second, which on a busy machine is no fault of a receiver.
    def patient(self, timeout=None):
        if source is None:
            return connect(self, 30)
        return socket.create_connection((self.host, self.port), 30, (source, 0))

    logging.handlers.SocketHandler.makeSocket = patient
    handlers = {'remote': json.loads(handler)}
    logging.config.dictConfig({'version': 1, 'handlers': handlers, 'root': {'level': 'INFO', 'handlers': ['remote']}})
    logging.getLogger('app').info(message)


if __name__ == '__main__':
    main(*sys.argv[1:])
