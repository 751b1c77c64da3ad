# Random values of every type that picklewire decodes, shared and cyclic ones among them. For Python 3.13. Everything
# follows from the generator of random numbers that is passed in; knows no pickle.
import array
import builtins
import collections
import datetime
import decimal
import fractions
import ipaddress
import math
import pathlib
import struct
import sys
import types
import uuid
import zoneinfo

MOST_NODES = 40
MOST_DEPTH = 6
ZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Etc/GMT+5']
EXCEPTIONS = [value for name, value in sorted(vars(builtins).items())
              if isinstance(value, type) and issubclass(value, BaseException)
              and not issubclass(value, (UnicodeError, BaseExceptionGroup))]
CLASSES = [int, str, list, dict, set, object, ValueError, OSError, datetime.date, decimal.Decimal, collections.deque]


def unknown(name, *bases, **members):
    """A class that no receiver knows."""
    cls = type(name, bases, {'__module__': 'warehouse', '__qualname__': name, **members})
    setattr(sys.modules.setdefault('warehouse', types.ModuleType('warehouse')), name, cls)
    return cls


Plain = unknown('Plain', object)
Slotted = unknown('Slotted', object, __slots__=('a', 'b'))
Listing = unknown('Listing', list)
Mapping = unknown('Mapping', dict)
Group = unknown('Group', set)
Label = unknown('Label', str)
Amount = unknown('Amount', int)
Failure = unknown('Failure', Exception)
Pair = unknown('Pair', tuple)
Keyed = unknown('Keyed', object, __new__=lambda cls, *args, **kwargs: object.__new__(cls),
                __getnewargs_ex__=lambda self: ((1, 'x'), {'key': self.__dict__.get('key')}))


class Values:
    """Makes one value, whose parts may be shared and may hold the whole."""

    def __init__(self, random):
        self.random = random
        self.nodes = 0
        # Values made so far, to be used again; of them those that are being filled, and so would make a cycle.
        self.made = []
        self.open = []
        self.scalars = [
            lambda: None, lambda: random.random() < 0.5, self.small_int, self.big_int, self.float, self.text,
            self.bytes, self.text, self.small_int, lambda: ..., lambda: NotImplemented, self.complex, self.range,
            self.bytearray,
            self.date, self.time, self.datetime, self.timedelta, self.zone, self.decimal, self.fraction, self.uuid,
            self.path, self.address, self.array, lambda: random.choice(CLASSES), self.unicode_error,
            lambda: type(random.choice((None, ..., NotImplemented))),
        ]
        self.hashables = [
            lambda: None, self.small_int, self.text, self.text, self.bytes, self.float, self.decimal, self.date,
            self.uuid, self.path, self.big_int, self.address, lambda: random.random() < 0.5,
        ]
        self.containers = [
            self.list, self.tuple, self.dict, self.list, self.tuple, self.dict, self.set, self.frozenset,
            self.ordered_dict, self.defaultdict, self.counter, self.deque, self.namespace, self.slice, self.exception,
            self.group, self.plain, self.slotted, self.listing, self.mapping, self.collection, self.other,
        ]

    def value(self, depth=0):
        random = self.random
        self.nodes += 1
        if self.made and random.random() < 0.12:
            return random.choice(self.made)
        if self.open and random.random() < 0.04:
            return random.choice(self.open)
        if depth > MOST_DEPTH or self.nodes > MOST_NODES or random.random() < 0.5:
            made = random.choice(self.scalars)()
        else:
            made = random.choice(self.containers)(depth + 1)
        self.made.append(made)
        return made

    def several(self, depth, most=5):
        return [self.value(depth) for _ in range(self.random.randrange(most))]

    def key(self, depth=0):
        if depth < 3 and self.random.random() < 0.1:
            made = tuple(self.key(depth + 1) for _ in range(self.random.randrange(3)))
            return frozenset(made) if self.random.random() < 0.3 else made
        return self.random.choice(self.hashables)()

    def keys(self, most=5):
        return [self.key() for _ in range(self.random.randrange(most))]

    def filled(self, container, fill):
        """Fills a container that its parts may refer to."""
        self.open.append(container)
        fill(container)
        self.open.pop()
        return container

    # Scalars

    def small_int(self):
        return self.random.randrange(-300, 70000) >> self.random.randrange(17)

    def big_int(self):
        bits = self.random.choice((15, 16, 31, 32, 53, 54, 63, 64, 200, 2041))
        return self.random.choice((1, -1)) * ((1 << bits) + self.random.randrange(-2, 3))

    def float(self):
        bits = struct.unpack('>d', self.random.randbytes(8))[0]
        return self.random.choice((0.0, -0.0, 1.0, 1e16, -1.5, 0.1, math.inf, math.nan, 1e22, bits,
                                   float(self.small_int()), round(self.random.uniform(-1e6, 1e6), 3)))

    def text(self):
        random = self.random
        ceiling = random.choice((0x80, 0x80, 0x80, 0x100, 0x3000, 0xd800, 0x110000))
        return ''.join(chr(random.randrange(ceiling)) for _ in range(random.choice((0, 1, 3, 8, 8, 20, 300))))

    def bytes(self):
        return self.random.randbytes(self.random.choice((0, 1, 4, 20, 300)))

    def bytearray(self):
        return bytearray(self.bytes())

    def complex(self):
        return complex(self.float(), self.float())

    def range(self):
        return range(self.small_int(), self.big_int(), self.random.choice((1, -1, 2, 7)))

    def date(self):
        return datetime.date.fromordinal(self.random.randrange(1, datetime.date.max.toordinal() + 1))

    def time(self):
        parts = [self.random.choice((0, self.random.randrange(top))) for top in (24, 60, 60, 1_000_000)]
        zone = self.random.choice((None, None, self.zone()))
        return datetime.time(*parts, tzinfo=zone, fold=self.random.randrange(2))

    def datetime(self):
        return datetime.datetime.combine(self.date(), self.time())

    def timedelta(self):
        days = self.random.choice((0, -1, self.small_int(), 999_999_998))
        return datetime.timedelta(days, self.random.randrange(86400), self.random.choice((0, 1, 999_999)))

    def zone(self):
        if self.random.random() < 0.4:
            return zoneinfo.ZoneInfo(self.random.choice(ZONES))
        offset = datetime.timedelta(0, self.random.randrange(-86399, 86400))
        return self.random.choice((datetime.timezone.utc, datetime.timezone(offset),
                                   datetime.timezone(offset, self.text())))

    def decimal(self):
        digits = tuple(self.random.randrange(10) for _ in range(self.random.choice((1, 3, 40))))
        exponent = self.random.choice((0, -2, -7, 3, 400, -400, 'F', 'n'))
        return decimal.Decimal((self.random.randrange(2), digits, exponent))

    def fraction(self):
        bits = self.random.choice((3, 200, 200, 5000))
        return fractions.Fraction(self.random.getrandbits(bits) - (1 << bits - 1), self.random.getrandbits(bits) + 1)

    def uuid(self):
        return uuid.UUID(bytes=self.random.randbytes(16))

    def path(self):
        cls = self.random.choice((pathlib.PurePosixPath, pathlib.PosixPath, pathlib.PureWindowsPath))
        parts = ['a', '.', '..', 'b c', 'caf\xe9', 'x/y', '/', '']
        anchors = ['//', '///', '\\', '\\\\', 'C:', 'C:\\', 'c:/', 'c:x', './c:x', '\\\\host', '\\\\host\\share',
                   '//host/share/', '//HOST/share', '//?/C:/', '\\\\?\\UNC\\host\\share', '//./pipe/x', '\\\\.\\']
        return cls(*(self.random.choice(parts + anchors) for _ in range(self.random.randrange(4))))

    def address(self):
        version, size = self.random.choice(((4, 32), (6, 128)))
        bits = self.random.getrandbits(size) & self.random.choice((-1, 0xffff, -1 << size // 2, 0xff00000000ff))
        kind = self.random.choice(('Address', 'Network', 'Interface'))
        cls = getattr(ipaddress, 'IPv%d%s' % (version, kind))
        if kind == 'Address':
            return cls(bits % (1 << size))
        length = self.random.randrange(size + 1)
        if kind == 'Network':
            bits = bits >> size - length << size - length
        return cls((bits % (1 << size), length))

    def array(self):
        code = self.random.choice('bBhHiIlLqQfdw')
        if code == 'w':
            return array.array(code, self.text())
        if code in 'fd':
            return array.array(code, [self.float() for _ in range(3) if code == 'd'])
        made = array.array(code)
        made.frombytes(self.random.randbytes(made.itemsize * self.random.randrange(4)))
        return made

    def unicode_error(self):
        start = self.random.randrange(4)
        return self.random.choice((
            UnicodeDecodeError('utf-8', self.random.randbytes(4), start, start + 1, 'bad'),
            UnicodeEncodeError('ascii', 'abc\xe9', start, start + 1, 'bad'),
            UnicodeTranslateError('abc\xe9', start, start + 1, 'bad')))

    # Containers

    def list(self, depth):
        return self.filled([], lambda made: made.extend(self.several(depth)))

    def tuple(self, depth):
        return tuple(self.several(depth))

    def entries(self, made, depth):
        for key in self.keys():
            made[key] = self.value(depth)

    def dict(self, depth):
        return self.filled({}, lambda made: self.entries(made, depth))

    def set(self, depth):
        return set(self.keys())

    def frozenset(self, depth):
        return frozenset(self.keys())

    def ordered_dict(self, depth):
        return self.filled(collections.OrderedDict(), lambda made: self.entries(made, depth))

    def defaultdict(self, depth):
        factory = self.random.choice((None, list, int, dict))
        return self.filled(collections.defaultdict(factory), lambda made: self.entries(made, depth))

    def counter(self, depth):
        return collections.Counter({key: self.small_int() for key in self.keys()})

    def deque(self, depth):
        most = self.random.choice((None, None, 3))
        return self.filled(collections.deque(maxlen=most), lambda made: made.extend(self.several(depth)))

    def namespace(self, depth):
        def fill(made):
            for name in 'abc'[:self.random.randrange(4)]:
                setattr(made, name, self.value(depth))
        return self.filled(types.SimpleNamespace(), fill)

    def slice(self, depth):
        return slice(self.key(), self.key(), self.random.choice((None, self.small_int())))

    def exception(self, depth):
        cls = self.random.choice(EXCEPTIONS)
        if issubclass(cls, OSError):
            args = [self.random.choice((1, 2, 11, 13, 17, 104, 999)), self.text(), self.text()]
            return cls(*args[:self.random.randrange(4)])
        if issubclass(cls, SyntaxError):
            return cls(self.text(), (self.text(), 3, 1, self.text()))
        made = cls(*(self.key() for _ in range(self.random.randrange(3))))
        if self.random.random() < 0.3:
            made.note = self.value(depth)
        return made

    def group(self, depth):
        members = [self.random.choice((ValueError, KeyboardInterrupt))(self.key()), KeyError(self.key())]
        return BaseExceptionGroup(self.text(), members)

    # Instances of classes that no receiver knows

    def attributes(self, made, depth):
        for name in ('a', 'b', 'dotted.name')[:self.random.randrange(4)]:
            if name in 'ab' or hasattr(made, '__dict__'):
                setattr(made, name, self.value(depth))

    def plain(self, depth):
        return self.filled(self.random.choice((Plain, Keyed))(), lambda made: self.attributes(made, depth))

    def slotted(self, depth):
        return self.filled(Slotted(), lambda made: self.attributes(made, depth))

    def listing(self, depth):
        def fill(made):
            made.extend(self.several(depth))
            self.attributes(made, depth)
        return self.filled(Listing(), fill)

    def mapping(self, depth):
        return self.filled(Mapping(), lambda made: self.entries(made, depth))

    def collection(self, depth):
        return Group(self.keys())

    def other(self, depth):
        return self.random.choice((lambda: Label(self.text()), lambda: Amount(self.big_int()),
                                   lambda: Failure(self.key(), self.key()), lambda: Pair(self.several(depth)),
                                   lambda: Plain))()
