"""Writes text-arguments.json: what CPython's unpickler makes of the line arguments of protocol 0, good and bad.

    python3.13 test/pickle/data/generate-text-arguments.py

Each row is [pickle, repr of its value, or null where CPython raises]; a pickle is written as Latin-1 text.
"""

import itertools
import json
import os
import pickle
import random
import warnings

SEED = 20


def lines(pieces, words, longest, count):
    """The words, and so many random joins of pieces."""
    rng = random.Random(SEED)
    seen = dict.fromkeys(words)
    while len(seen) < len(words) + count:
        seen["".join(rng.choices(pieces, k=rng.randint(1, longest)))] = None
    return list(seen)


DIGITS = ["0", "00", "7", "12", "_", "__", "+", "-", " ", "\t"]

INT_PIECES = DIGITS + ["0x", "0X", "0o", "0b", "0O", "0B", "1", "8", "f", "F", "L", "e", "."]
INT_PIECES += ["\r", "\v", "\f", "\x1c", "\xa0", "\0"]
INTS = ["", "0", "1", "01", "00", "02", "-1", "+1", "--1", "- 1", "9" * 15, "9" * 16, "-" + "9" * 17]
INTS += ["0x_1", "0x1_", "0_x1", "0b2", "0o8", "0xg", "1_000", "_1", "1L", "L", "-L", "0L", "00L", "01L", "1 L"]
INTS += [" 1", "1 ", " 01", "01 ", "-0", "-00"]
INTS += ["0x" + "f" * 20, "-0x8000000000000000", "0o" + "7" * 24, "0b" + "1" * 70]
# A superscript two, and an Arabic digit in UTF-8.
INTS += ["\xb2", "\xd9\xa3"]

FLOAT_PIECES = DIGITS + [".", "e", "E", "e+", "e-", "inf", "nan", "1", "5", "\x85", "x"]
FLOATS = ["", ".", "1.", ".1", "1e5", "1.e5", ".1e5", "e5", "1e", "1e+", "+.5", "-.5"]
FLOATS += ["1_0.0_1e1_0", "1_.0", "1._0", "1e_1", "1e1_", "0x1p3", "1d5", "1,5", "1\0", "\xa01"]
FLOATS += ["1E5", "1.E+5", "1E", "E5"]
FLOATS += ["inf", "-inf", "+inf", "INF", "Infinity", "-iNfInItY", "infinit"]
FLOATS += ["nan", "-nan", "+NaN", "nan(1)", "snan", "in f"]
FLOATS += ["1e309", "-1e309", "5e-324", "2e-324", "0.1", "1e22", "1e23", "9007199254740993"]
FLOATS += ["1.7976931348623157e308", "1.7976931348623159e308", "123456789012345678901234567890"]

STRING_PIECES = ["'", '"', "\\", "\\\\", "\\n", "\\x4", "\\x41", "\\xg1", "\\101", "\\8", "\\0", "\\377", "\\q"]
STRING_PIECES += ["a", " ", "\r", "\\u0041", "\\N{x}"]
STRINGS = ["''", '""', "'", '"', "", "'a", "a'", "'a\"", "'\\'", "'\\\\'", "'\\''", '"\'"', "'\\", "'\\\\\\'"]
STRINGS += ["'\\a\\b\\f\\n\\r\\t\\v'", "'\\x'", "'\\x4'", "'\\xzz'", "'\\1'", "'\\12'", "'\\123'", "'\\1234'", "'\\08'"]
STRINGS += ["'\\e'", " 'a'", "'a' ", "'\\ '", "'\\!'", "'\\\"'", "'\\x00'", "'\\1 '", "'\\17'", "'\\177'", "'\\18'"]

UNICODE_PIECES = ["\\", "\\\\", "\\u", "\\U", "0041", "00e9", "d83d", "de00", "0001f600", "00110000", "g", "a"]
UNICODE_PIECES += ["\xe9", "\r", "\\u0041", "\\ud800"]
UNICODES = ["", "\\", "\\\\", "\\u", "\\u004", "\\u0041", "\\u00411", "\\U0001f600", "\\U00110000", "\\U0010ffff"]
UNICODES += ["\\u005c", "\\u005cu0041", "\\\\u0041", "\\\\\\u0041", "\\ud83d", "\\udfff", "\\u+041", "\\u 041", "\\x41"]
UNICODES += ["\\u0000", "\\U00000000", "\\u0000a"]
UNICODES += ["\\n", "\xff\xfe", "\xef\xbb\xbf"]

INDEXES = ["", "0", "5", "05", "+5", "-5", "-0", " 5 ", "5_0", "0x5", "5L", "5.0", "9" * 30, "a", "__proto__", "\xb2"]


def quoted():
    """Texts between quotes, so that the escapes themselves are met."""
    texts = lines(["\\", "\\x", "41", "7", "\\n", "'", "z", "0"], [], 5, 60)
    return [quote + text + quote for quote, text in itertools.product("'\"", texts)]


def python(text):
    try:
        value = pickle._loads(text.encode("latin-1"))
    except Exception:
        return None
    return repr(value)


def main():
    warnings.simplefilter("ignore")
    rows = []
    ints = lines(INT_PIECES, INTS, 6, 160)
    tables = {
        "I": ints,
        "L": ints,
        "F": lines(FLOAT_PIECES, FLOATS, 6, 160),
        "S": lines(STRING_PIECES, STRINGS, 4, 80) + quoted(),
        "V": lines(UNICODE_PIECES, UNICODES, 4, 120),
    }
    for opcode, arguments in tables.items():
        rows += [f"{opcode}{argument}\n." for argument in arguments]
    rows += [f"K\x07p{index}\ng{index}\n." for index in INDEXES]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "text-arguments.json")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        table = ",\n".join(json.dumps([row, python(row)]) for row in rows)
        out.write(f"[\n{table}\n]\n")


if __name__ == "__main__":
    main()
