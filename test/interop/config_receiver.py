# Run as `python config_receiver.py FILE COUNT`: configures logging by FILE (.json or .ini), prints its address, and
# handles the records of COUNT connections, one after another, with the loggers of their names. For Python 3.13.

import json
import logging
import logging.config
import logging.handlers
import pickle
import socket
import struct
import sys

path, count = sys.argv[1], int(sys.argv[2])

if path.endswith('.ini'):
    logging.config.fileConfig(path, encoding='utf-8')
else:
    with open(path, encoding='utf-8') as file:
        logging.config.dictConfig(json.load(file))


def exactly(stream, size):
    """So many bytes, or fewer where the connection ends."""
    content = stream.read(size)
    return content if len(content) == size else b''


def payloads(stream):
    while header := exactly(stream, 4):
        yield exactly(stream, struct.unpack('>L', header)[0])


with socket.create_server(('127.0.0.1', 0)) as listener:
    print('listening on tcp://127.0.0.1:%d' % listener.getsockname()[1], file=sys.stderr, flush=True)
    for _ in range(count):
        connection, _address = listener.accept()
        with connection, connection.makefile('rb') as stream:
            for payload in payloads(stream):
                record = logging.makeLogRecord(pickle.loads(payload))
                logging.getLogger(record.name).handle(record)
