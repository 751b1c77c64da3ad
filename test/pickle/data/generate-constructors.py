"""Writes constructors.json: calls of constructors, and what Python 3.13 makes of them.

    python3.13 test/pickle/data/generate-constructors.py

A row is the pickle of a call, one character to a byte, with the repr() and str() of its value; null twice where Python
refuses it. The groups are those of `main`. Calls that picklewire refuses for a reason of its own are not among them.
"""

import array
import decimal
import fractions
import ipaddress
import json
import os
import pathlib
import pickle
import random
import sys
import uuid
import warnings
import zoneinfo

RANDOM = random.Random(13)


class Call:
    """Pickled as a call of `callee`, whether that takes such arguments or not."""

    def __init__(self, callee, *args):
        self.call = callee, args

    def __reduce__(self):
        return self.call


def windows_paths():
    names = ["a", "b c", "x", "..", "...", ".", "", "c:x", "C:", "c:", "d:y", "::", "\U0001f600:", "\U0001f600:z", "?"]
    anchors = ["/", "\\", "//", "\\\\", "\\/", "///", "\\\\\\", "c:/", "C:\\", "d:\\/"]
    shares = ["//host", "\\\\host\\share", "//HOST/share", "//host/share/", "\\\\host\\\\share", "//a/b/c", "UNC",
              "\\\\\\share"]
    devices = ["\\\\?\\", "//?/", "\\\\?\\c:", "//?/C:/", "\\\\?\\UNC\\", "//?/unc/host", "\\\\?\\UNC\\host\\share",
               "//?/UNC/host/share/", "\\\\.\\", "//./pipe/x", "\\\\.\\c:\\", "\\\\?.\\share"]
    pieces = names + anchors + shares + devices
    for parts in [[], [""], ["", ""], ["./c:x"], [".\\C:"], ["././::/y"], *([piece] for piece in pieces)]:
        yield parts
    for first in anchors + shares + devices + ["c:", "C:x", "a", "."]:
        yield from ([first, second] for second in ("b", "c:b", "/b", "", "C:", "//host/share"))
    for _ in range(700):
        yield ["".join(RANDOM.choice(pieces + ["/", "\\"]) for _ in range(RANDOM.choice((1, 1, 2, 3))))
               for _ in range(RANDOM.randrange(1, 5))]


def texts(code):
    """UTF-16 and UTF-32, of an even number of characters, whole and broken."""
    name = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")[code - 18]
    size = 2 if code < 20 else 4
    pair = "ab".encode(name)
    yield from (b"", pair, "\u3042\xff".encode(name), pair + b"a" * 4, "\U0001f600a\U0001f600b".encode(name))
    yield from ("a\ud83d".encode(name, "surrogatepass"), "\udc00\ud800".encode(name, "surrogatepass"))
    if size == 4:
        yield pair[:4] + (0x110000).to_bytes(4, "little" if code == 20 else "big")


def arrays():
    numbers = [b"", b"\1\2\3\4\5\6\7\xf8", b"\0\0\xf0\x7f\0\0\xc0\x7f"]
    for typecode in "bBuwhHiIlLqQfdz":
        for code in range(-1, 23):
            if code not in range(18, 22):
                yield from ([array.array, typecode, code, items] for items in numbers)
            elif typecode in "uwid":
                yield from ([array.array, typecode, code, items] for items in texts(code))
    yield from ([array.array, typecode, code, b"abc"] for typecode in "buid" for code in (0, 2, 8, 12, 14))


def addresses():
    for version, size, scopes in ((4, 32, [""]), (6, 128, ["", "", "%eth0"])):
        kinds = [getattr(ipaddress, "IPv%d%s" % (version, kind)) for kind in ("Network", "Interface")]
        for _ in range(150):
            bits = RANDOM.getrandbits(size) & RANDOM.choice((-1, -1 << size // 2, -1 << size - 8, 0))
            text = str(ipaddress.ip_address(bits.to_bytes(size // 8, "big"))) + RANDOM.choice(scopes)
            length = RANDOM.choice((0, 7, 8, size // 2, size - 1, size, size + 1, RANDOM.randrange(size)))
            yield RANDOM.choice(kinds), "%s/%d" % (text, length)
        for value in (0, 1, -1, 2 ** size - 1, 2 ** size, 2 ** (size - 1), 0xffff01020304, 1.5, None):
            yield getattr(ipaddress, "IPv%dAddress" % version), value


def large_fractions():
    for digits in (1, 17, 481, 4299):
        n, d = 10 ** digits + RANDOM.randrange(10 ** digits), 10 ** digits - 1
        while fractions.Fraction(n, d).denominator != d:
            n += 1
        yield from ([n, d], [-n, d], ["-%d/%d" % (n, d)])
    yield from ([0, 1], [1, 0], ["0"], ["1/0"], ["9" * 4300], ["9" * 4301], ["1/" + "9" * 4301], [1, "2"], [None])


def syntax_errors():
    for cls in (SyntaxError, IndentationError, TabError, _IncompleteInputError):
        yield from ([cls], [cls, "x"], [cls, "x", 1, 2], [cls, None, ("a", 1, 2, "b"), 3])
        yield from ([cls, "x", 7], [cls, "x", None])
        for length in range(9):
            yield cls, "x", ("dir/a.py", 3, 1, "b", 3, 4, 5, 6)[:length]
            yield cls, "x", [None, 2 ** 60, 1, "b", 3, 4, 5, 6][:length]


def groups():
    members = [ValueError(1), KeyError("k"), KeyboardInterrupt(), ExceptionGroup("e", [OSError(2, "x")]),
               BaseExceptionGroup("b", [SystemExit(3)]), 1, None, ValueError]
    for cls in (ExceptionGroup, BaseExceptionGroup):
        yield from ([cls], [cls, "x"], [cls, "x", []], [cls, "x", None], [cls, None, members[:1]], [cls, "x", {}])
        yield cls, "x", members[:1], 1
        for _ in range(60):
            chosen = [RANDOM.choice(members[:RANDOM.choice((2, 4, 5, 8))]) for _ in range(RANDOM.choice((1, 2, 3)))]
            yield cls, "x", RANDOM.choice((list, tuple))(chosen)


def os_errors():
    thirds = [0, 7, -1, True, 2 ** 62, 2 ** 63, -2 ** 63, -2 ** 63 - 1, 1.5, 1.0, 1j, "a", b"a", None, [],
              decimal.Decimal(1), fractions.Fraction(1), uuid.UUID(int=1), ipaddress.IPv4Address(1)]
    for cls in (OSError, BlockingIOError):
        for errno in (2, 11, True, False, 11.0, None, [], 2 ** 70):
            yield cls, errno, "x"
        for third in thirds:
            yield cls, 11, "x", third
            yield cls, 11, "x", third, None, "z"
        yield cls, 11, "x", 1.5, None, "z", "too many"
        yield OSError, 2, "x", 1.5


def unicode_errors():
    for start in (0, 1, 1.5, 1.0, None, "1"):
        yield UnicodeDecodeError, "utf-8", b"ab", start, 2, "r"
        yield UnicodeEncodeError, "utf-8", "ab", 0, start, "r"
        yield UnicodeTranslateError, "ab", start, start, "r"


def zones():
    for from_cache in (True, False, 0, 1, 255, 300, -1, 2 ** 70, 1.0, 1.5, None, "x", []):
        yield zoneinfo.ZoneInfo._unpickle, "Europe/Paris", from_cache


def floats():
    most = 2 ** 1024 - 2 ** 970
    for value in (1, -2.5, 10 ** 308, -10 ** 308, most - 1, most, -most, 10 ** 400, -10 ** 400, None, "1"):
        yield array.array, "d", [value]
        yield array.array, "f", [value]
        yield complex, value, 1


def row(callee, *args):
    data = pickle.dumps(Call(callee, *args), 2)
    try:
        value = pickle.loads(data)
    except Exception:
        return data.decode("latin-1"), None, None
    try:
        return data.decode("latin-1"), repr(value), str(value)
    except ValueError:
        return None  # an array of text that Python makes and cannot print


def main():
    if sys.version_info[:2] != (3, 13):
        sys.exit("the expected texts are those of Python 3.13: run this with python3.13")
    warnings.simplefilter("ignore")
    groups_ = {
        "Windows paths": ([pathlib.PureWindowsPath, *parts] for parts in windows_paths()),
        "arrays of bytes": ([array._array_reconstructor, *args] for args in arrays()),
        "addresses, networks and interfaces": addresses(),
        "fractions": ([fractions.Fraction, *args] for args in large_fractions()),
        "syntax errors": syntax_errors(),
        "exception groups": groups(),
        "OSErrors": os_errors(),
        "Unicode errors": unicode_errors(),
        "time zones": zones(),
        "floats": floats(),
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "constructors.json")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        tables = []
        for name, calls in groups_.items():
            rows = dict.fromkeys(made for made in (row(*call) for call in calls) if made is not None)
            tables.append(json.dumps(name) + ": [\n" + ",\n".join(map(json.dumps, rows)) + "\n]")
        out.write("{" + ",\n".join(tables) + "}\n")


if __name__ == "__main__":
    main()
