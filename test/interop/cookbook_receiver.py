# Run as `python cookbook_receiver.py FILE FORMAT COUNT`: the receiver of the logging cookbook ("Sending and receiving
# logging events across a network"), with its short reads mended. Prints its port, writes COUNT records to FILE as
# FORMAT says, and ends. Runs on 2.7 and 3.6 or newer.

from __future__ import print_function

import io
import logging
import logging.handlers
import pickle
import socket
import struct
import sys

path, line, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def exactly(connection, size):
    """So many bytes, or fewer where the connection ends."""
    content = b''
    while len(content) < size:
        chunk = connection.recv(size - len(content))
        if not chunk:
            break
        content += chunk
    return content


def records(connection):
    while True:
        header = exactly(connection, 4)
        if len(header) < 4:
            return
        size, = struct.unpack('>L', header)
        yield logging.makeLogRecord(pickle.loads(exactly(connection, size)))


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.bind(('127.0.0.1', 0))
listener.listen(5)
print(listener.getsockname()[1])
sys.stdout.flush()

formatter = logging.Formatter(line)
with io.open(path, 'w', encoding='utf-8', newline='\n') as output:
    while count > 0:
        connection, _address = listener.accept()
        for record in records(connection):
            text = formatter.format(record)
            output.write((text if isinstance(text, type(u'')) else text.decode('utf-8')) + u'\n')
            count -= 1
        connection.close()
