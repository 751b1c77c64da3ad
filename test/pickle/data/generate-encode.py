"""Writes encode.json: what Python 3.13 pickles, at every protocol, of the values that ../encode-values.ts builds too.

Each row: a name and, by protocol, the pickle in base64, or the length and SHA-256 of a long one.
Strings that are equal must be one object here, as they are for an encoder that cannot tell them apart.
"""

import base64
import builtins
import datetime
import hashlib
import json
import pickle
import sys
import types
import uuid
import zoneinfo
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal

LONG = 400
SIZES = [0, 1, 2, 3, 4, 999, 1000, 1001, 2000, 2001]
BYTES = [0, 1, 255, 256, 65535, 65536, 70000]
BITS = [7, 8, 15, 16, 23, 31, 32, 39, 47, 53, 63, 64, 127, 2031, 2032, 2039, 2040]
TYPES = (
    "bool bytearray bytes classmethod complex dict enumerate filter float frozenset int list map memoryview object"
    " property range reversed set slice staticmethod str super tuple type zip"
).split()
EXCEPTIONS = sorted(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException) and value.__name__ == name
)
PICKY = {"BaseExceptionGroup", "ExceptionGroup", "UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError"}


def cases():
    for size in SIZES:
        yield f"list of {size}", list(range(size))
        yield f"tuple of {size}", tuple(range(size))
        yield f"dict of {size}", dict.fromkeys(range(size))
        yield f"set of {size}", set(range(size))
        yield f"frozenset of {size}", frozenset(range(size))
        yield f"deque of {size}", deque(range(size))
        yield f"OrderedDict of {size}", OrderedDict.fromkeys(range(size))
        yield f"defaultdict of {size}", defaultdict(int, dict.fromkeys(range(size)))
        yield f"Counter of {size}", Counter(dict.fromkeys(range(size), 1))
    for size in BYTES:
        yield f"{size} bytes", bytes(size)
        yield f"bytearray of {size}", bytearray(size)
        yield f"str of {size}", "x" * size
        yield f"str of {size} two-byte characters", "é" * size
    for bits in BITS:
        power = 2**bits
        yield f"ints of {bits} bits", [power - 1, power, power + 1, 1 - power, -power, -1 - power]
    inf = float("inf")
    yield "floats", [0.0, -0.0, 1.0, -2.0, 0.1, 1e15, 1e16, 1e22, 1e300, 5e-324, inf, -inf, float("nan")]
    yield "bools and None", [True, False, None, True]
    escaped = ["", "a\\b", "\0", "\n", "\r", "\x1a", "\t"]
    yield "texts", [*escaped, "\x7f\x80\xff", "\u0100", "\ud800", "\udfffx\ud83d", "\U0001f600x"]
    yield "names", {"a": 1, "__proto__": 2, "é": [3]}
    yield "a frame that is full", [("%05d" % number) * 1000 for number in range(30)]
    yield "bytes that stand outside of frames", [bytes(65536), 1, "z" * 65536, 2, b"z" * 65535, 3]
    yield "nothing in front of large bytes", (bytes(65536),)
    yield "300 strings, twice", ["e%d" % number for number in range(300)] * 2
    yield from shared()
    yield from cycles()
    yield "types", [getattr(builtins, name) for name in TYPES]
    yield "types of exceptions", [getattr(builtins, name) for name in EXCEPTIONS]
    for name in EXCEPTIONS:
        if name not in PICKY:
            yield name, getattr(builtins, name)("x")
    yield "singletons", [type(None), type(...), type(NotImplemented), ..., NotImplemented, ..., type(None)]


def shared():
    items, pair, content, buffer = [1], ("t",), b"abc", bytearray(b"abc")
    number, zone, other = Decimal("1.5"), zoneinfo.ZoneInfo("Europe/Paris"), zoneinfo.ZoneInfo("UTC")
    day, moment = datetime.date(2026, 1, 2), datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, zone)
    yield "a list, three times", (items, items, {"a": items})
    yield "a tuple, twice", [pair, pair, ("t",) * 2]
    yield "bytes, twice", [content, content, bytes(bytearray(content)), "abc", "latin1"]
    yield "single bytes", [b"a", "a", b"b", "b"]
    yield "bytearrays", [buffer, buffer, bytearray(b"abc")]
    yield "Decimals", [number, number, Decimal("1.5"), "1.5", "decimal", "Decimal"]
    again, later, clock = datetime.date(2026, 1, 2), moment.astimezone(other), datetime.time(3, 4, tzinfo=zone)
    yield "times", [day, day, again, moment, later, "datetime", clock]
    yield "fold", [datetime.datetime(2026, 10, 25, 2, 30, fold=1), datetime.time(2, 30, fold=1)]
    cet = datetime.timezone(datetime.timedelta(hours=1), "CET")
    yield "timedeltas", [datetime.timedelta(1), datetime.timedelta(-1, 5, 6), cet]
    yield "zones", [zone, other, zone, "zoneinfo", "getattr"]
    yield "UUIDs", [uuid.UUID(int=1), uuid.UUID(int=2**127 + 5), "int", "uuid", "UUID"]
    names = ["collections", "OrderedDict", "deque", "Counter"]
    yield "names of modules first", [*names, OrderedDict(), deque(), Counter(), defaultdict()]
    yield "names of modules last", [deque(), defaultdict(), Counter(), OrderedDict(), *names]
    lists, numbers, frozen = defaultdict(list, {"a": []}), {1}, frozenset({1})
    yield "types and their instances", [list, lists, set, numbers, frozenset, frozen, complex(1, -2), range(3)]


def cycles():
    list_ = [1]
    list_.append(list_)
    yield "a list in itself", list_
    dict_ = {"a": 1}
    dict_["self"] = dict_
    yield "a dict in itself", dict_
    for size in (1, 3, 4):
        inner = []
        tuple_ = (inner,) + (None,) * (size - 1)
        inner.append(tuple_)
        yield f"a tuple of {size} in its list", tuple_
        yield f"the list of a tuple of {size}", inner
    two = ([], [])
    two[0].append(two)
    two[1].append(two)
    yield "a tuple in its two lists", two
    for value in (OrderedDict(), defaultdict(None)):
        value["self"] = value
        value["tuple"] = (value,)
        yield f"a {type(value).__name__} in itself", value
    deque_ = deque([1], 5)
    deque_.append(deque_)
    deque_.append((deque_,))
    yield "a deque in itself", deque_
    namespace = types.SimpleNamespace(a=1)
    namespace.self = namespace
    yield "a namespace in itself", namespace
    error, inner = ValueError(1), []
    error.args = (inner,)
    inner.append(error)
    yield "an exception in its arguments", error
    error, inner = ValueError(1), []
    error.args = (inner,)
    frozen = frozenset([error])
    inner.append(frozen)
    yield "a frozenset in an exception in it", frozen
    yield "the exception", error
    error = ValueError("x")
    error.code = 51
    error.self = error
    yield "an exception with attributes", error
    part = slice([], None, 1)
    part.start.append(part)
    yield "a slice in itself", part


def row(name, value):
    pickles = []
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        data = pickle.dumps(value, protocol)
        brief = base64.b64encode(data).decode()
        pickles.append(brief if len(data) <= LONG else f"{len(data)} {hashlib.sha256(data).hexdigest()}")
    return {"name": name, "pickles": pickles}


def main():
    if sys.version_info[:2] != (3, 13):
        sys.exit("the expected pickles are those of Python 3.13: run this with python3.13")
    rows = [row(*case) for case in cases()]
    with open(__file__.replace("generate-encode.py", "encode.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(each, separators=(",", ":")) for each in rows) + "\n]\n")


if __name__ == "__main__":
    main()
