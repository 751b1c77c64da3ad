"""Writes repr.json: values, described in plain JSON, with the repr() and str() that Python 3.13 prints of them.

    python3.13 test/pickle/data/generate-repr.py

A description is null, a boolean, a small int, a string, or {"t": type, "v": parts}; one that is referred to from inside
itself also has an "id", and the reference is {"ref": id}. test/pickle/repr-values.ts turns it into a value.
"""

import array
import builtins
import collections
import datetime
import decimal
import fractions
import ipaddress
import json
import pathlib
import random
import struct
import sys
import types
import uuid
import warnings
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

warnings.simplefilter("ignore", DeprecationWarning)  # array('u')
RANDOM = random.Random(20)


class Describer:
    """Describes one value; what it is in the middle of is known by id, for references."""

    def __init__(self):
        self.active = {}
        self.referred = set()

    def __call__(self, value):
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"t": "int", "v": str(value)}
        if id(value) in self.active:
            self.referred.add(id(value))
            return {"ref": self.active[id(value)]}
        number = self.active[id(value)] = len(self.active)
        description = self.parts(value)
        del self.active[id(value)]
        if id(value) in self.referred:
            description["id"] = number
        return description

    def parts(self, value):
        kind = type(value).__name__
        if isinstance(value, type) or callable(value):
            return {"t": "global", "v": [value.__module__, value.__qualname__]}
        if isinstance(value, float):
            return {"t": "float", "v": struct.pack(">d", value).hex()}
        if isinstance(value, complex):
            return {"t": kind, "v": [self(value.real), self(value.imag)]}
        if isinstance(value, (bytes, bytearray)):
            return {"t": kind, "v": list(value)}
        if isinstance(value, (list, tuple, set, frozenset)):
            return {"t": kind, "v": [self(item) for item in value]}
        if isinstance(value, defaultdict):
            return {"t": kind, "v": [self(value.default_factory), self.entries(value)]}
        if isinstance(value, dict):
            return {"t": kind, "v": self.entries(value)}
        if isinstance(value, deque):
            return {"t": kind, "v": [value.maxlen, [self(item) for item in value]]}
        if isinstance(value, SimpleNamespace):
            return {"t": kind, "v": self.entries(vars(value))}
        if isinstance(value, array.array):
            return {"t": kind, "v": [value.typecode, [self(item) for item in value]]}
        if isinstance(value, (range, slice)):
            return {"t": kind, "v": [self(value.start), self(value.stop), self(value.step)]}
        if value is Ellipsis or value is NotImplemented:
            return {"t": "singleton", "v": repr(value)}
        if isinstance(value, BaseException):
            return {"t": "exception", "v": [kind, [self(item) for item in value.__reduce__()[1]]]}
        if isinstance(value, datetime.datetime):
            clock = [value.hour, value.minute, value.second, value.microsecond, value.fold]
            return {"t": kind, "v": [value.year, value.month, value.day, *clock, self(value.tzinfo)]}
        if isinstance(value, datetime.date):
            return {"t": kind, "v": [value.year, value.month, value.day]}
        if isinstance(value, datetime.time):
            clock = [value.hour, value.minute, value.second, value.microsecond, value.fold]
            return {"t": kind, "v": [*clock, self(value.tzinfo)]}
        if isinstance(value, timedelta):
            return {"t": kind, "v": [value.days, value.seconds, value.microseconds]}
        if isinstance(value, timezone):
            offset, *name = value.__getinitargs__()
            return {"t": kind, "v": [self(offset), name[0] if name else None]}
        if isinstance(value, zoneinfo.ZoneInfo):
            return {"t": kind, "v": value.key}
        if isinstance(value, Fraction):
            return {"t": kind, "v": [self(value.numerator), self(value.denominator)]}
        if isinstance(value, (Decimal, uuid.UUID)):
            return {"t": kind, "v": str(value)}
        if isinstance(value, pathlib.PurePath):
            return {"t": "path", "v": [kind, str(value)]}
        if type(value).__module__ == "ipaddress":
            return {"t": "address", "v": [kind, str(value)]}
        raise TypeError(kind)

    def entries(self, mapping):
        return [[self(key), self(item)] for key, item in mapping.items()]


def texts():
    yield from ["", "plain", "it's", 'say "hi"', "it's \"both\"", "\\", "a\\'b", "\t\n\r\0\x1b\x7f\x80\x9f\xa0\xad\xff"]
    yield from ["\u0378\u0600\u200b\u2028\u2029\u3000\ue000\ufeff\ufffd\ufffe\uffff", "\ud800", "\udfff\ud83d", "é ß Ω ж あ 漢 한"]
    yield from ["\U0001f600", "\U0001f600'\U000e0001", "\U000f0000\U0010ffff", "\U0001f1e6\u200d\U00010000\U0001fbfa"]
    yield "x" * 4095 + "\U0001f600" + "\u200b" * 5000 + "'"
    for _ in range(100):
        limits = (RANDOM.choice([0x80, 0x100, 0x3000, 0x10000, 0x110000]) for _ in range(20))
        text = "".join(chr(RANDOM.randrange(limit)) for limit in limits)
        # JavaScript reads two neighbouring halves of a pair as one character.
        yield text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def scalars():
    yield from [None, True, False, 0, -1, 7, 2**53 - 1, 2**53, -(2**64), 10**60]
    yield from [0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 2.0**53, 123456789.5, float("nan"), float("-inf")]
    yield from [b"", b"abc", b"it's", b'say "hi"', b"it's \"both\"", bytes(range(256)), bytes(range(200)) * 50]
    yield from map(bytearray, [b"", b"abc", b"it's", b'say "hi"', b"it's \"both\"", bytes(range(256))])
    for part in [0.0, -0.0, 1.0, -1.5, 1e16, 1e-5, float("nan"), float("inf"), float("-inf")]:
        for other in [0.0, -0.0, 2.0, -0.5, float("nan"), float("inf"), float("-inf")]:
            yield complex(part, other)
    yield from [range(3), range(-1, 5), range(0, 10, 2), range(5, 0, -1), range(2**70), Ellipsis, NotImplemented]
    yield from [array.array("i"), array.array("i", [1, -2]), array.array("Q", [2**64 - 1]), array.array("u", "it's"), array.array("w", "é\n")]
    yield from [array.array("d", [1, 2.5, -0.0, float("nan")]), array.array("f", [1, 0.5]), array.array("b"), array.array("u")]
    yield from map(Decimal, ["1.50", "0", "-0", "1E+3", "NaN", "-sNaN12", "-Infinity", "1E-7"])
    yield from [Fraction(1, 3), Fraction(3), Fraction(-7, 2), Fraction(2**80, 3), Fraction(2**80), uuid.UUID(int=2**127 + 5)]
    yield from map(pathlib.PurePosixPath, ["/a/b c", ".", "it's", "a\\b"])
    yield from [pathlib.PosixPath("/tmp"), pathlib.PureWindowsPath("C:\\a\\b"), pathlib.PureWindowsPath("//host/share/x")]
    yield from [ipaddress.ip_address("1.2.3.4"), ipaddress.ip_address("::1"), ipaddress.ip_address("fe80::1%eth0")]
    yield from [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")]
    yield from [ipaddress.ip_interface("10.1.2.3/8"), ipaddress.ip_interface("2001:db8::1/32")]


def times():
    second, micro = timedelta(seconds=1), timedelta(microseconds=1)
    hour, day = 3600 * second, timedelta(1)
    yield from [timedelta(0), micro, -micro, second, -second, day, -day, 2 * day, -2 * day, day + second, hour + 2 * 60 * second + 3 * second + 4 * micro]
    yield from [timedelta.max, timedelta.min, 36 * hour + 60 * second, timedelta(milliseconds=1500)]
    zones = [timezone.utc, timezone(timedelta(0), "UTC"), timezone(hour), timezone(-hour), timezone(hour, "X'"), timezone(-hour / 2 - second)]
    zones += [timezone(micro), timezone(-micro), timezone(5 * hour + hour / 2 + 3 * second + 7 * micro), timezone(day - micro), timezone(micro - day), timezone(hour, "")]
    yield from zones
    paris, new_york = zoneinfo.ZoneInfo("Europe/Paris"), zoneinfo.ZoneInfo("America/New_York")
    yield from [paris, new_york, datetime.date(1, 1, 1), datetime.date(2024, 12, 31)]
    for clock in [(0, 0), (3, 4), (3, 4, 5), (3, 4, 0, 6), (23, 59, 59, 999999), (0, 0, 0, 1)]:
        yield datetime.time(*clock)
        yield datetime.time(*clock, fold=1, tzinfo=RANDOM.choice(zones))
        yield datetime.datetime(2024, 1, 2, *clock)
        yield datetime.datetime(7, 11, 12, *clock, fold=1)
        for zone in zones:
            yield datetime.datetime(2024, 1, 2, *clock, tzinfo=zone)
    yield datetime.time(3, 4, tzinfo=paris)
    yield datetime.time(3, 4, tzinfo=zoneinfo.ZoneInfo("UTC"))
    yield datetime.time(3, 4, tzinfo=zoneinfo.ZoneInfo("Etc/GMT+5"))
    for zone in [paris, new_york]:
        yield from [datetime.datetime(2024, month, 2, 3, 4, tzinfo=zone) for month in (1, 7)]
        yield from [datetime.datetime(2024, 10, 27, 2, 30, fold=fold, tzinfo=zone) for fold in (0, 1)]
        yield from [datetime.datetime(2024, 3, 31, 2, 30, fold=fold, tzinfo=zone) for fold in (0, 1)]


def containers():
    yield from [[], [1], [1, "a", None], [[], [[1.5]]], (), (1,), (1, 2), ((),), [b"x", ("it's",)]]
    yield from [{}, {"a": 1}, {1: [2], (3,): {4: 5.0}}, set(), {7}, {("a", 1)}, frozenset(), frozenset({7}), {frozenset({1})}]
    yield from [OrderedDict(), OrderedDict(a=1, b=[2]), OrderedDict({3: OrderedDict()})]
    yield from [defaultdict(), defaultdict(None, {1: 2}), defaultdict(list), defaultdict(int, a=1), defaultdict(len), defaultdict(OrderedDict, {1: {}})]
    yield from [Counter(), Counter("abracadabra"), Counter(a=1, b=3, c=3, d=-2), Counter({"x": 1.5, "y": 2**70, "z": True}), Counter({"a": 1, "b": "x"}), Counter({"a": None, "b": 3}), Counter({"b": [1]})]
    yield from [deque(), deque([1, 2]), deque([1, 2, 3], 2), deque([], 0), deque([deque([1])])]
    yield from [SimpleNamespace(), SimpleNamespace(a=1, b="x"), SimpleNamespace(**{"a b": 1, "": 2, "é": 3}), SimpleNamespace(a=SimpleNamespace())]
    yield from [slice(None), slice(1, 2), slice(1, 2, 3), slice("a", [1], None)]
    for factory in (list, deque, lambda: deque(maxlen=3)):
        value = factory()
        value.extend([1, value, [value]])
        yield value
    for factory in (dict, OrderedDict, lambda: defaultdict(list), lambda: defaultdict(None)):
        value = factory()
        value["self"] = value
        value["list"] = [value]
        yield value
    value = SimpleNamespace()
    value.me, value.list = value, [value]
    yield value
    value = ([],)
    value[0].append(value)
    yield value
    yield value[0]
    value = ValueError(1, [])
    value.args[1].append(value)
    yield value
    inner = [1]
    yield [inner, inner, {"a": inner}]


def exceptions():
    for kind in (ValueError, KeyError, StopIteration, SystemExit, ImportError, UnicodeError, Exception):
        yield from [kind(), kind("x"), kind(""), kind(None), kind(3), kind("a", 1), kind("it's"), kind((1,)), kind(ValueError("inner"))]
    yield from [KeyError("it's "), KeyError(KeyError("a")), ValueError(KeyError("a")), ValueError(datetime.date(2024, 1, 2)), ValueError(Decimal(1))]
    yield from [OSError(), OSError("x"), OSError(2, "No such file"), OSError(2, "No such file", "it's"), OSError(2, "x", b"f"), OSError(1, "x", None)]
    yield from [OSError(2, "x", "a", None, "b"), OSError(2, "x", "a", 0), OSError(2, "x", None, None, "b"), OSError(9999, "x", "a"), OSError(None, None)]
    yield from [OSError(1, 2, 3, 4, 5, 6), OSError("a", ValueError("b")), OSError(2, "x", 3), BlockingIOError(11, "x", 5), BlockingIOError(11, "x", "f"), BlockingIOError(11, "x")]
    yield from [ConnectionRefusedError(111, "Connection refused"), TimeoutError("timed out"), TimeoutError(), PermissionError(13, "denied", "/x")]
    for start, end in [(0, 1), (1, 2), (2, 3), (1, 3), (0, 0), (3, 4), (5, 6)]:
        yield UnicodeDecodeError("ascii", b"a\xe9\x00", start, end, "bad")
        yield UnicodeEncodeError("ascii", "aé\U0001f600", start, end, "bad")
        yield UnicodeTranslateError("\U0001f600\ud800\u20ac", start, end, "bad")
    yield UnicodeDecodeError("utf-8", bytearray(b"\x05"), 0, 1, "bad")
    yield from [SyntaxError(), SyntaxError("m"), SyntaxError(None), SyntaxError("m", ("a/b.py", 3, 1, "t")), SyntaxError("m", ("b.py", None, 1, None))]
    yield from [SyntaxError("m", (None, 3, 1, None)), SyntaxError("m", (None, None, 1, None)), SyntaxError("m", ["a/b.py", 3, 1, None]), SyntaxError("m", ("a\\b.py", True, 1, None))]
    yield from [IndentationError("m", ("b.py", 3, 1, "t", 3, 4)), TabError("m", ("b.py", "3", 1, "t")), SyntaxError(5, ("/", 3, 1, "t"))]
    yield from [ExceptionGroup("m", [ValueError(1)]), ExceptionGroup("m", (ValueError(1), KeyError("x"))), BaseExceptionGroup("it's", [KeyboardInterrupt()])]


def floats():
    yield from [0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, float("nan"), float("inf"), float("-inf")]
    for exponent in range(-323, 309):
        yield float("1e%d" % exponent)
    for exponent in range(-1074, 1024, 3):
        yield 2.0**exponent
    for base in (1e-4, 1e16, 1e21, 1e-6, 2.0**53):
        for step in range(-3, 4):
            yield struct.unpack(">d", struct.pack(">Q", struct.unpack(">Q", struct.pack(">d", base))[0] + step))[0]
    for _ in range(2000):
        yield struct.unpack(">d", RANDOM.randbytes(8))[0]
    for _ in range(1000):
        yield RANDOM.uniform(-1, 1) * 10.0 ** RANDOM.randrange(-8, 20)
    for _ in range(300):
        yield float(RANDOM.randrange(10 ** RANDOM.randrange(1, 20)))


def globals_():
    for name, value in vars(builtins).items():
        if isinstance(value, (type, types.BuiltinFunctionType)) and not name.startswith("_"):
            yield "builtins", name, repr(value)
    for module in (array, collections, datetime, decimal, fractions, ipaddress, pathlib, types, uuid, zoneinfo):
        for name in sorted(DECODED[module.__name__]):
            yield module.__name__, name, repr(getattr(module, name))


DECODED = {
    "array": {"array"},
    "collections": {"Counter", "OrderedDict", "defaultdict", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
    "ipaddress": {"IPv%d%s" % (n, kind) for n in (4, 6) for kind in ("Address", "Interface", "Network")},
    "pathlib": {"Path", "PosixPath", "PurePath", "PurePosixPath", "PureWindowsPath", "WindowsPath"},
    "types": {"SimpleNamespace"},
    "uuid": {"UUID"},
    "zoneinfo": {"ZoneInfo"},
}


def printability_changes():
    printable = False
    for code in range(sys.maxunicode + 1):
        if chr(code).isprintable() != printable:
            printable = not printable
            yield code


def lines(rows):
    return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"


def main():
    if sys.version_info[:2] != (3, 13):
        sys.exit("the expected texts are those of Python 3.13: run this with python3.13")
    values = [[Describer()(v), repr(v), str(v)] for group in (texts, scalars, times, containers, exceptions) for v in group()]
    sections = {
        "values": lines(values),
        "floats": lines("%s %r" % (struct.pack(">d", value).hex(), value) for value in floats()),
        "globals": lines(globals_()),
        "printabilityChanges": json.dumps(list(printability_changes()), separators=(",", ":")),
    }
    with open(__file__.replace("generate-repr.py", "repr.json"), "w") as file:
        file.write("{" + ",\n".join('"%s": %s' % section for section in sections.items()) + "}\n")


if __name__ == "__main__":
    main()
