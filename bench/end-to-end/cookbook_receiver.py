"""The receiver of the logging cookbook ("Sending and receiving logging events across a network"), with its short reads
mended, writing to a file. Run as

    python cookbook_receiver.py (text|json) (cookbook|buffered) FILE

prints its port and its Python's version, and receives until it is killed. `buffered` is what a careful user makes of it:
reads through a buffer, and a file that is written in blocks, not by record, and flushed when a connection ends. Runs on
Python 3.6 or newer.
"""
import logging
import os
import pickle
import socketserver
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'peers'))
from json_formatter import JsonFormatter  # noqa: E402


class CookbookHandler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            chunk = self.read(4)
            if len(chunk) < 4:
                break
            slen = struct.unpack('>L', chunk)[0]
            obj = self.unpickle(self.read(slen))
            record = logging.makeLogRecord(obj)
            self.handle_log_record(record)

    def read(self, size):
        chunk = self.connection.recv(size)
        while 0 < len(chunk) < size:
            more = self.connection.recv(size - len(chunk))
            if not more:
                break
            chunk += more
        return chunk

    def unpickle(self, data):
        return pickle.loads(data)

    def handle_log_record(self, record):
        logger = logging.getLogger(record.name)
        logger.handle(record)


class BufferedHandler(CookbookHandler):
    rbufsize = 65536

    def read(self, size):
        return self.rfile.read(size)

    def finish(self):
        super().finish()
        file.flush()


class BlockStreamHandler(logging.StreamHandler):
    def flush(self):
        pass


kind, variant, path = sys.argv[1:]
file = open(path, 'a', encoding='utf-8')
handler = logging.StreamHandler(file) if variant == 'cookbook' else BlockStreamHandler(file)
if kind == 'json':
    handler.setFormatter(JsonFormatter())
else:
    handler.setFormatter(logging.Formatter('%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s'))
logging.basicConfig(handlers=[handler])

request_handler = CookbookHandler if variant == 'cookbook' else BufferedHandler
with socketserver.ThreadingTCPServer(('127.0.0.1', 0), request_handler) as server:
    server.daemon_threads = True
    print(server.server_address[1], sys.version.split()[0], flush=True)
    server.serve_forever()
