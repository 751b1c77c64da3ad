"""Writes percent.jsonl and strftime.jsonl beside this script: what CPython makes of random formats and values.

Run by hand with Python 3.13 on a system with the GNU C library; the tests need no Python. The seed is fixed, so that
a second run changes nothing. One case a line. Values are written as
[type, text], see `encode`.
"""
import decimal
import fractions
import json
import os
import pathlib
import random
import struct
import sys
import time
import uuid

HERE = pathlib.Path(__file__).parent
random.seed(20261122)


def encode(value):
    if value is None:
        return ["None"]
    kind = type(value).__name__
    if kind in ("tuple", "list"):
        return [kind, [encode(item) for item in value]]
    if kind == "dict":
        return [kind, [[encode(key), encode(item)] for key, item in value.items()]]
    if kind == "float":
        return [kind, struct.pack(">d", value).hex()]
    if kind == "bytes":
        return [kind, value.hex()]
    if kind == "complex":
        return [kind, [encode(value.real), encode(value.imag)]]
    if kind == "Fraction":
        return [kind, [str(value.numerator), str(value.denominator)]]
    return [kind, value if kind == "str" else str(value)]


def random_float():
    choice = random.random()
    if choice < 0.3:
        return struct.unpack(">d", random.randbytes(8))[0]
    if choice < 0.5:
        return random.randrange(-4000, 4000) / 2 ** random.randrange(0, 8)  # ties
    if choice < 0.7:
        return random.uniform(-2000, 2000)
    if choice < 0.8:
        return float(random.randrange(-10, 10)) * 10.0 ** random.randrange(-30, 30)
    return random.choice([0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 1e22, 1e23, 5e-324, 1.7976931348623157e308, 9.5, 99.995,
                          999999.5, 1e-5, 0.0001, 123456.0, 1e21, float("nan"), float("inf"), float("-inf")])


def random_int():
    return random.choice([0, 1, -1, 7, -42, 255, 10 ** 6, 2 ** 31, -(2 ** 53), 2 ** 64, -(10 ** 30), 3 ** 200, True,
                          False, random.randrange(-10 ** 6, 10 ** 6), 0x110000, 0x10FFFF, 65, 0xD800])


def random_text():
    return random.choice(["", "a", "abc", "jackdaw", "\xe9", "\u20ac\u20ac", "\U0001f600", "a\U0001f600b\U0001f601c",
                          "it's", 'say "hi"', "tab\t", "\udce9", "x" * 20, "\U0001f600" * 12])


def random_value():
    choice = random.random()
    if choice < 0.35:
        return random_float()
    if choice < 0.65:
        return random_int()
    if choice < 0.9:
        return random_text()
    return random.choice([None, (1, "a"), [1, 2.0], {"k": 1}, b"by\xfftes", 1 + 2j, decimal.Decimal("12.75"),
                          decimal.Decimal("-1E+5"), decimal.Decimal("0.001"), decimal.Decimal("NaN"),
                          decimal.Decimal("Infinity"), fractions.Fraction(-7, 2), fractions.Fraction(1, 3),
                          fractions.Fraction(3 ** 300, 7 ** 200), uuid.UUID(int=2 ** 100 + 5)])


def random_conversion(key=None):
    flags = "".join(random.choice("#0- +") for _ in range(random.choice([0, 0, 0, 1, 1, 2, 3])))
    width = random.choice(["", "", "", str(random.randrange(0, 30)), "*" if random.random() < 0.5 else "8"])
    precision = random.choice(["", "", "", ".", "." + str(random.randrange(0, 25)), ".0", ".2", ".*", ".1"])
    modifier = random.choice(["", "", "", "", "", "h", "l", "L"])
    kind = random.choice("diouxXeEfFgGcrsa%dfsgx")
    if random.random() < 0.01:
        kind = random.choice("ykZ\xe9\U0001f600")
    name = "" if key is None else "(%s)" % key
    return "%" + name + flags + width + precision + modifier + kind, width == "*", precision == ".*"


def case(form, args):
    try:
        result = form % args
    except Exception as error:
        return [form, encode(args), None, type(error).__name__]
    return [form, encode(args), result]


def percent_cases():
    for _ in range(3000):
        form, width, precision = random_conversion()
        args = []
        if width:
            args.append(random.choice([3, 12, -9, 0, 12, 2 ** 70, "x", 1.0, True]))
        if precision:
            args.append(random.choice([3, 0, -1, 7, 2, None]))
        if not form.endswith("%") or random.random() < 0.05:
            args.append(random_value())
        if random.random() < 0.03:
            args.append(1)
        if random.random() < 0.03 and args:
            args.pop()
        yield case(form, tuple(args))
    for _ in range(800):
        key = random.choice(["a", "b", "dd.trace_id", "", "x(y)", "\u20ac", "__proto__", "constructor", "gone"])
        form = random_conversion(key)[0]
        yield case("<" + form + ">", {"a": random_value(), "b": random_value(), "dd.trace_id": 5, "": "empty",
                                      "x(y)": 1.5, "\u20ac": "euro", "__proto__": "plain"})
    for value in [1, "x", 2.5, None, [1, 2], [], {}, {"a": 1}, (), (1,), (1, 2), b"ab", b"", True, ((1, 2),), ({"a": 1},)]:
        for form in ["", "plain", "%s", "%d", "%s %s", "%(a)s", "%(a)s %s", "%s %(a)s", "%%", "%5%", "%(a)%", "%(gone)%"]:
            yield case(form, value)
    for form in ["%", "a%", "%5", "%-", "%.", "%.5", "%h", "%hhd", "%ll", "%(", "%(a", "%(a(b)", "%(a)", "%(a)5", "%*",
                 "%.*", "%*d", "%(a)*d", "%.*%", "%*%", "%y", "%s %y", "\u20ac\U0001f600%y", "%99999999999999999999d",
                 "%.99999999999d", "%(gone)99999999999999999999d", "%99999999999999999999*d", "%.99999999999*d",
                 "%.-1f", "%5.d", "%05s", "%- 5d", "% +d", "%#.0f", "%#.0e", "%#g", "%#x", "%#08x", "%-#8o|", "%#.8X"]:
        for value in [(), (1,), (5, 7), {"a": 3}, {}, "x", 12.0]:
            yield case(form, value)
    for precision in [0, 1, 2, 15, 17, 20, 99, 100, 101, 800, 1101]:
        for value in [0.1, 2.5, 1e22, 5e-324, 1.7976931348623157e308, 2.0 ** -1074 * 3, 0.0, 1e21]:
            for kind in "feg":
                yield case("%%.%d%s" % (precision, kind), (value,))
                yield case("%%#.%d%s" % (precision, kind), (value,))


def strftime_cases():
    directives = "aAbBcCdDeFgGhHIjklmMnpPrRsStTuUVwWxXyYzZ%QJ+"
    moments = [0, 951782400, 1709164800, 1719835200.75, 1700000000, 2 ** 31, -1, -86400 * 365, 1735603200, 1230768000,
               1009843200, 1136073600, 1711846800, 1711850400, 1729994400, 1729998000, 4102444800, 253402300799]
    modifiers = ["", "-", "_", "0", "^", "#", "^#", "-0", "0-", "E", "O", "6", "06", "_6", "-6", "^6", "#6", "06E", "6O", "12", "012"]
    whole = ["", "%", "a%", "%5", "%-", "%E", "%5E", "%5%", "%05%", "%Ey%", "%5Q", "%EEd", "%\xe9", "%5\xe9", "\U0001f600%d\u20ac",
             "%Y-%m-%dT%H:%M:%S%z", "%d/%b/%Y:%H:%M:%S", "%G-W%V-%u", "%%Y", "%E%", "no directive", "%\U0001f600"]
    for zone in ["UTC", "America/New_York", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu",
                 "America/St_Johns", "Pacific/Apia"]:
        os.environ["TZ"] = zone
        time.tzset()
        for moment in moments + [random.randrange(0, 2 ** 31) for _ in range(40)]:
            forms = ["%" + directive for directive in directives]
            if random.random() < 0.5:
                forms = random.sample(forms, 12)
            yield [zone, moment, forms, [time.strftime(form, time.localtime(moment)) for form in forms]]
    os.environ["TZ"] = "UTC"
    time.tzset()
    for moment in [1700000000, 1709164800 + 4 * 3600]:
        for directive in directives:
            forms = ["%" + modifier + directive for modifier in modifiers]
            yield ["UTC", moment, forms, [time.strftime(form, time.localtime(moment)) for form in forms]]
        yield ["UTC", moment, whole, [time.strftime(form, time.localtime(moment)) for form in whole]]
    for moment in [-59011459200 - 86400 * 366, -62135596800, -62198755200, 300000000000]:  # years 99, 1, -1, 11476
        forms = ["%" + modifier + directive for directive in "CFGgYyDc" for modifier in ["", "_", "04", "6", "_6", "-6"]]
        yield ["UTC", moment, forms, [time.strftime(form, time.localtime(moment)) for form in forms]]


def write(name, cases):
    with open(HERE / name, "w", encoding="ascii", newline="\n") as file:
        file.writelines(json.dumps(case) + "\n" for case in cases)


assert sys.version_info[:2] == (3, 13)
write("percent.jsonl", percent_cases())
write("strftime.jsonl", strftime_cases())
