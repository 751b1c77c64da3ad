# -*- coding: utf-8 -*-
"""Handlers of Python's logging for a receiver that wants to know who sends: over TLS, with signed frames, or both.

Standard library only, Python 2.7 (from 2.7.9 for TLS) and 3.6 or newer, one file: put it where Python finds it.
`python -m picklewire_handlers keygen` prints a new key for signing.
"""

from __future__ import print_function

import base64
import binascii
import hashlib
import hmac
import io
import logging
import logging.handlers
import os
import re
import socket
import ssl
import struct
import sys
import time

__all__ = ['SignedMixin', 'SignedSocketHandler', 'SignedTLSSocketHandler', 'TLSMixin', 'TLSSocketHandler', 'read_keys']

PREFIX = struct.Struct('>L')
MAGIC = b'PWS1'
NUMBERS = struct.Struct('>QQ')  # counter, time in microseconds
MIN_KEY_BYTES = 32


class OwnConnectionMixin(object):
    """For a SocketHandler: gives each process a connection of its own.

    A child made by a fork has its parent's socket, and two processes that write to one make no whole of it.
    """

    def __init__(self, *args, **kwargs):
        super(OwnConnectionMixin, self).__init__(*args, **kwargs)
        self._pid = os.getpid()

    def emit(self, record):
        if self.sock is not None and not self._is_usable():
            self.sock.close()
            self.sock = None
        self._pid = os.getpid()
        super(OwnConnectionMixin, self).emit(record)

    def _is_usable(self):
        return self._is_own()

    def _is_own(self):
        return self._pid == os.getpid()


class TLSMixin(OwnConnectionMixin):
    """For a SocketHandler: speaks TLS 1.2 or newer.

    The receiver's certificate is checked, against the authorities in `cafile` (PEM) or else the system's, and must be
    for `server_hostname`, which is the host unless given. With `certfile` (PEM, the chain and possibly the key) and
    `keyfile` the client has a certificate to show.

    A receiver that cannot be spoken to costs records as one that cannot be reached does. As that is a mistake more
    often than bad luck, the reason is also printed on stderr, once, unless logging.raiseExceptions is off.
    """

    def __init__(self, host, port, cafile=None, certfile=None, keyfile=None, server_hostname=None, **others):
        super(TLSMixin, self).__init__(host, port, **others)
        self._server_hostname = host if server_hostname is None else server_hostname
        self._reason = None
        self._context = ssl.create_default_context(cafile=cafile)
        if hasattr(ssl, 'TLSVersion'):
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        else:
            self._context.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1
        if certfile is not None:
            self._context.load_cert_chain(certfile, keyfile)

    def makeSocket(self, timeout=1):
        plain = super(TLSMixin, self).makeSocket(timeout)
        try:
            return self._context.wrap_socket(plain, server_hostname=self._server_hostname)
        except (socket.error, ValueError) as error:
            plain.close()
            self._complain(str(error))
            # Before Python 3.7 a wrong host name was a ValueError, which createSocket would not take for a failure.
            raise socket.error(str(error))

    def close(self):
        self.acquire()
        try:
            if self.sock is not None and self._is_own():
                # The receiver may have written session tickets that nobody has read. Closing on unread bytes resets the
                # connection, and records on their way with it: so let the receiver say first that it has read all.
                try:
                    self.sock.unwrap()
                except (socket.error, ValueError):
                    pass
        finally:
            self.release()
        super(TLSMixin, self).close()

    def _is_usable(self):
        """Looks whether the receiver has left, or refused our certificate: nothing else reads what it says."""
        if not super(TLSMixin, self)._is_usable():
            return False
        timeout = self.sock.gettimeout()
        try:
            self.sock.settimeout(0)
            self.sock.recv(1)
        except ssl.SSLWantReadError:
            self.sock.settimeout(timeout)
            return True
        except ssl.SSLError as error:
            self._complain(str(error))
        except (socket.error, ValueError):
            pass
        return False

    def _complain(self, reason):
        if reason != self._reason and logging.raiseExceptions and sys.stderr:
            self._reason = reason
            print('picklewire_handlers: TLS with %s:%s: %s' % (self.host, self.port, reason), file=sys.stderr)


class SignedMixin(OwnConnectionMixin):
    """For a SocketHandler: signs each frame with a key that the receiver knows.

    `hmac_key` is the key as a key file has it, in base64 or hex; `hmac_keyfile` is the path of such a file, whose first
    key is taken. A key that is none, or a file that others can read, is a ValueError.
    """

    def __init__(self, host, port, hmac_key=None, hmac_keyfile=None, **others):
        super(SignedMixin, self).__init__(host, port, **others)
        if (hmac_key is None) == (hmac_keyfile is None):
            raise ValueError('give a key: either hmac_key or hmac_keyfile')
        self._key = parse_key(hmac_key, 'hmac_key') if hmac_keyfile is None else read_keys(hmac_keyfile)[0]
        self._key_id = key_id(self._key)
        self._session = None

    def makePickle(self, record):
        pickled = super(SignedMixin, self).makePickle(record)[PREFIX.size:]
        if self._session is None or self.sock is None:
            # A session for each connection: a receiver may read what is on a new one before the rest of the last.
            self._session = os.urandom(8)
            self._counter = 0
        self._counter += 1
        header = MAGIC + self._key_id + self._session + NUMBERS.pack(self._counter, int(time.time() * 1e6))
        signature = hmac.new(self._key, header, hashlib.sha256)
        signature.update(pickled)
        payload = header + signature.digest() + pickled
        return PREFIX.pack(len(payload)) + payload


class TLSSocketHandler(TLSMixin, logging.handlers.SocketHandler):
    """SocketHandler(host, port, cafile=, certfile=, keyfile=, server_hostname=): over TLS."""


class SignedSocketHandler(SignedMixin, logging.handlers.SocketHandler):
    """SocketHandler(host, port, hmac_key=, hmac_keyfile=): with signed frames."""


class SignedTLSSocketHandler(SignedMixin, TLSMixin, logging.handlers.SocketHandler):
    """SocketHandler with signed frames over TLS: takes the arguments of both by name."""


def read_keys(path):
    """The keys of a file, in its order: on each line a key in base64 or hex, a comment from `#` on, or nothing."""
    with io.open(path, encoding='utf-8') as file:
        mode = os.fstat(file.fileno()).st_mode & 0o777
        if os.name == 'posix' and mode & 0o007:
            raise ValueError('%s is open to everybody on this machine (mode %04o): make it 0600 or 0640' % (path, mode))
        lines = file.read().split('\n')
    keys = []
    for number, line in enumerate(lines, 1):
        written = line.split('#')[0].strip()
        if written:
            keys.append(parse_key(written, '%s, line %d' % (path, number)))
    if not keys:
        raise ValueError('%s has no key in it' % path)
    return keys


def parse_key(written, where):
    """The bytes of a key in base64 or hex. What may be either is hex: 48 random bytes in base64 never look so."""
    text = written.decode('ascii', 'replace') if isinstance(written, bytes) else written
    if re.match(r'(?:[0-9A-Fa-f]{2})+\Z', text):
        key = binascii.unhexlify(text.encode('ascii'))
    elif re.match(r'(?:[0-9A-Za-z+/]{4})*(?:[0-9A-Za-z+/]{2}==|[0-9A-Za-z+/]{3}=)?\Z', text):
        key = base64.b64decode(text.encode('ascii'))
    else:
        raise ValueError('%s: a key is written in base64 or hex' % where)
    if len(key) < MIN_KEY_BYTES:
        raise ValueError('%s: a key has %d bytes or more, and this one %d' % (where, MIN_KEY_BYTES, len(key)))
    return key


def key_id(key):
    """What tells a key from others, 4 bytes."""
    return hmac.new(key, b'key id', hashlib.sha256).digest()[:4]


def main(arguments):
    if arguments != ['keygen']:
        print('usage: python -m picklewire_handlers keygen', file=sys.stderr)
        return 2
    key = os.urandom(MIN_KEY_BYTES)
    made = time.strftime('%Y-%m-%d', time.gmtime())
    written = base64.b64encode(key).decode('ascii')
    print('%s  # made %s, id %s' % (written, made, binascii.hexlify(key_id(key)).decode('ascii')))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
