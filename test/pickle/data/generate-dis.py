"""Writes dis.json: pickles, whole, cut short and mutated, with what Python 3.13's pickletools.dis prints of each.

    python3.13 test/pickle/data/generate-dis.py

A case has the pickle in base64, the text, and the class of the exception that dis raised after it, or null. A case with
"cuts" says how much of that text (in UTF-16 units) is printed of the pickle's first 0, 1, 2, ... bytes; dis raises for
each of them.
"""

import base64
import collections
import datetime
import decimal
import io
import json
import pathlib
import pickle
import pickletools
import random
import struct
import uuid

HERE = pathlib.Path(__file__).parent


def dis(data):
    """The text, and the name of the exception's class or None."""
    out = io.StringIO()
    try:
        pickletools.dis(data, out)
    except Exception as error:
        return out.getvalue(), type(error).__name__
    return out.getvalue(), None


def shared():
    value = ["shared"]
    return [value, value, {"again": value}]


def cyclic():
    value = []
    value.append(value)
    return value


class Plain:
    def __init__(self):
        self.attribute = 1


VALUES = [
    None, True, False, 0, -1, 255, 256, 65535, 65536, -(2**31), 2**31, 2**63, -(2**70), 2**2050, 10**4299,
    0.0, -0.0, 1.5, 1e16, 1e-5, 5e-324, float("inf"), float("-inf"), float("nan"),
    "", "text", "it's", 'a "quote"', "both ' and \"", "back\\slash", "line\nend\r\t\0\x7f", "caf\xe9 \u0416 \u4e2d \U0001f600",
    "\xa0\xad\u200b\u2028\ufeff\ue000\U000e0001", "\ud800", "x" * 300,
    b"", b"bytes", b"it's", b"\x00\xff\"", bytes(range(256)), b"y" * 300, bytearray(b"it's"), bytearray(b"\"'"),
    [], [1], [1, 2, 3], (), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), {}, {"a": 1}, {"a": 1, "b": 2}, {1, 2}, frozenset([3]),
    [[[[[]]]]], shared(), cyclic(), [str(i) for i in range(300)],
    datetime.datetime(2026, 1, 2, 3, 4, 5, 6, datetime.timezone.utc), datetime.timedelta(-1), decimal.Decimal("1.50"),
    uuid.UUID(int=5), collections.OrderedDict(a=1), collections.defaultdict(list), collections.Counter("ab"),
    collections.deque([1], 3), pathlib.PurePosixPath("/tmp"), ValueError("no"), range(3), slice(1), complex(1, -2), int,
    len, Plain(), pickle.PickleBuffer(b"buffer"),
]  # fmt: skip

U4, U8 = struct.Struct("<I").pack, struct.Struct("<Q").pack

# Every opcode, what hostile senders write, and each of the checks of dis.
ODD = [
    b"", b".", b"0", b"1", b"2", b"N", b"N.", b"NN.", b"(.", b"((.", b"N(.", b"(N.", b"(1N.", b"N0N.", b"(0N.", b"((00N.", b"(2N.",
    b"(\x85.", b"(\x85t.", b"((\x86t.", b"(\x85(t.", b"((N\x87.", b"(((\x87lt.", b"N(\x86l.", b"(2t.", b"(2tt.", b"((2ttt.", b"R", b")R",
    b"a", b"Na", b"e", b"(e.", b"](e.", b"](NNe.", b"o", b"(o.", b"(No.", b"(NNo.", b"s", b"Ns", b"}(Nu.", b"\x90", b"\x8f(N\x90.",
    b"(N\x91.", b"\x91", b"t", b"d", b"l", b"u", b"(NNd.", b"(ia\nb\n.", b"ia\nb\n.", b"(Nia\nb\n.", b"NNb.", b"N)\x81.", b"N)}\x92.",
    b"\x97.", b"\x97\x98.", b"\x98.", b"Pid\n.", b"P\n.", b"P\\x41\\\n.", b"P\\x41\n.", b"P\xff\n.", b"NQ.", b"Q.", b"\x80\x06N.", b"\x80\xffN.",
    b"N\x80\x03.", b"\x95" + U8(2) + b"N.", b"\x95" + b"\xff" * 8 + b"N.", b"\x95" + U8(2**53 + 1) + b"N.", b"\x82\x05.", b"\x83\x05\x01.",
    b"\x84\xff\xff\xff\xff.", b"\x84\x05\0\0\0.",
    # Memo
    b"Nq\0.", b"Nq\0q\0.", b"Nq\x01q\x02.", b"h\0.", b"Nq\0h\0\x86.", b"(q\0.", b"(p1\n.", b"(\x94.", b"q\0.", b"p1\n.", b"\x94.",
    b"N\x94\x94.", b"Nq\x01\x94.", b"Nq\x01\x94\x94.", b"Nr\xff\xff\xff\x7f.", b"]replace.", b"Np99999999999999999999\n.",
    b"Np99999999999999999999\ng99999999999999999999\n\x86.", b"Np-1\n.", b"Np-1\ng-1\n\x86.", b"Np01\ng1\n\x86.", b"Np1\ng01\n\x86.",
    b"Np00\nh\0\x86.", b"Np-0\nh\0\x86.", b"Np007\nh\x07\x86.", b"Np 1_0 \nh\x0a\x86.", b"Nr\x05\0\0\0j\x05\0\0\0\x86.", b"gabc\n.", b"g\n.",
    b"(lp0\n(lp0\n.", b"(q\0N.", b"N(q\0.", b"K\x01q\x050K\x02\x94h\x01.",
    # Numbers
    b"I01\n.", b"I00\n.", b"I0\n.", b"I1\n.", b"I007\n.", b"I0x1f\n.", b"I-5\n.", b"I+5\n.", b"I- 5\n.", b"I--5\n.", b"I-+5\n.", b"I-\n.",
    b"I 5 \n.", b"I\t5\x0b\x0c\r\n.", b"I\x1c5\n.", b"I\xa05\n.", b"I1_000\n.", b"I1__0\n.", b"I_1\n.", b"I1_\n.", b"I\n.", b"Iabc\n.", b"I5L\n.",
    b"I1.5\n.", b"I9007199254740993\n.", b"I-9223372036854775809\n.", b"I5\0\n.", b"I\xd9\xa1\n.", b"L5\n.", b"L5L\n.", b"L5LL\n.",
    b"LL\n.", b"L\n.", b"L01L\n.", b"L-0L\n.", b"L0x5L\n.", b"L5 L\n.", b"L5L \n.", b"L" + b"9" * 4300 + b"L\n.", b"L" + b"9" * 4301 + b"L\n.",
    b"I-" + b"9" * 4300 + b"\n.", b"I" + b"0" * 4301 + b"\n.", b"I" + b"1_" * 4299 + b"1\n.", b"J\xff\xff\xff\xff.", b"J\0\0\0\x80.", b"K\xff.",
    b"M\xff\xff.", b"\x8a\0.", b"\x8a\x01\xff.", b"\x8a\x01\x80.", b"\x8a\x02\x80\0.", b"\x8a\x07\xff\xff\xff\xff\xff\xff\x1f.",
    b"\x8a\x07\0\0\0\0\0\0\x20.", b"\x8a\x09" + b"\xff" * 8 + b"\0.", b"\x8a\xff" + b"\x55" * 255 + b".", b"\x8b" + U4(2) + b"\x39\x30.",
    b"\x8b\xff\xff\xff\xff.", b"\x8b" + U4(5) + b"abc", b"N\x8b" + U4(1785) + b"\x7f" * 1785 + b"\x86.", b"(\x8b" + U4(1786) + b"\x7f" * 1786 + b"t.",
    b"\x8b" + U4(1790) + b"\0" * 1789 + b"\x80.", b"\x8b" + U4(3000) + b"\xff" * 3000 + b".",
    b"F1.5\n.", b"F1_0\n.", b"F 1 \n.", b"F1e400\n.", b"F-1e400\n.", b"Finf\n.", b"F-Infinity\n.", b"Fnan\n.", b"F-nan\n.", b"F.5\n.", b"F5.\n.",
    b"F.\n.", b"F\n.", b"F1e\n.", b"F1e5zz\n.", b"F0x10\n.", b"F1\0\n.", b"F\x1c1\n.", b"F" + b"1" * 400 + b"\n.", b"G\x80\0\0\0\0\0\0\0.",
    b"G\x7f\xf8\0\0\0\0\0\x01.", b"G?\xb9\x99\x99\x99\x99\x99\x9a.", b"GC.\xbc\x16\xd6t\xec\x80.", b"G\0\0\0\0\0\0\0\x01.",
    # Text
    b"S'abc'\n.", b'S"it\'s"\n.', b"S'\n.", b'S"\n.', b"S''\n.", b"S\n.", b"Sabc\n.", b"S'abc\"\n.", b"S'a\n.", b"S'\\x41\\101\\n\\q\\\\\\''\n.",
    b"S'\\777'\n.", b"S'\\177'\n.", b"S'\\x4'\n.", b"S'\\xg0'\n.", b"S'\\'\n.", b"S'\\x80'\n.", b"S'\xff'\n.", b"S'a''\n.", b"S 'a'\n.",
    b"V\n.", b"Vabc\r\n.", b"V\xff\n.", b"V\\u0041\\U0001f600\n.", b"V\\u12\n.", b"V\\U00110000\n.", b"V\\u005cu0041\n.", b"V\\\\u0041\n.", b"V\\n\n.",
    b"V\\\n.", b"V\\ud800\n.", b"\x8c\x04\xef\xbb\xbfa.", b"\x8c\x03\xed\xa0\x80.", b"\x8c\x02\xc0\x80.", b"\x8c\x01\xff.", b"\x8c\x02a",
    b"X" + U4(3) + b"abc.", b"X\xff\xff\xff\xff.", b"\x8d" + U8(3) + b"abc.", b"\x8d" + b"\xff" * 8 + b".", b"\x8d\x01\0\0\0\0\0\x20\0",
    b"U\x03a\xff\n.", b"U\x05ab", b"T" + U4(2) + b"a'.", b"T0000", b"T\0\0\0\x80.", b"B" + U4(2) + b"\0'.", b"B\xfb\xff\xff\xff", b"C\x02ab.",
    b"\x8e" + U8(1) + b"a.", b"\x8e" + b"\xff" * 8, b"\x96" + U8(2) + b"'\".", b"\x960000000\xbd",
    # Globals
    b"cos\nsystem\n.", b"c\n\n.", b"ca b\nc\n.", b"cos\n", b"cos", b"c\xff\nb\n.", b"ca\\x41\nb\\\\\n.", b"ca\\\nb\n.", b"ca'\nb\"\n.", b"ca\r\nb\n.",
    b"cos\nsystem\nS'id'\n\x85R.", b"S'os'\nS'system'\n\x93S'ls'\n\x85R.", b"(S'x'\ni__builtin__\nexec\n.", b'(cos\nsystem\nS"x"\no.',
    b'(cos\nsystem\nS"x"\no0N.', b"\x80\x04\x8c\x02os\x8c\x09path.join\x93.", b"\x93", b"N\x93", b"K\x2aK\x2a\x93.",
    b"}q\0\x8c\x09__proto__}\x8c\x05adminK\x01ss.", b"N.garbage", b"N.cos\nsystem\n(tR.", b"(" * 30 + b"t" * 30 + b".", b"(" * 200,
    *(bytes([code]) for code in range(256) if bytes([code]).decode("latin-1") not in pickletools.code2op),
]  # fmt: skip


# White space and signs of numbers, indexes that no double tells apart, and indexes that nothing is stored at: as they are,
# and not for a random change.
PLAIN = [
    b"I -5\n.", b"I\t-5 \n.", b"I\r\x0b\x0c-9\n.", b"I -\n.", b"I-0\n.", b"I-00\n.", b"I-/\n.", b"I-:\n.", b"I-5a\n.", b"I\x08-5\n.",
    b"I\x0e-5\n.", b"I\x1f-5\n.", b"I!-5\n.", b"I02\n.", b"I011\n.", b"I001\n.", b"I0a\n.", b"I11\n.", b"L-5L\n.", b"L -5L\n.", b"h\x01.", b"Nq\0h\x01.",
    b"j\x01\0\0\0.", b"Nq\0j\x01\0\0\0.", b"g1\n.", b"Np02\nh\x02\x86.", b"Np9007199254740992\np9007199254740993\n.",
    b"Np9007199254740993\ng9007199254740992\n\x86.",
]  # fmt: skip


def written():
    """What Python's own picklers write of VALUES, each once."""
    for value in VALUES:
        for protocol in range(6):
            if not isinstance(value, pickle.PickleBuffer):
                yield pickle.dumps(value, protocol)
    yield pickle.dumps(pickle.PickleBuffer(b"buffer"), 5, buffer_callback=lambda buffer: False)
    for record in sorted((HERE / "../../../fixtures/records").glob("py*/frames.bin")):
        frames = record.read_bytes()
        yield frames[4 : 4 + int.from_bytes(frames[:4], "big")]


def mutated(rng, pickles):
    """One of the pickles, changed in one to four places: bytes, opcodes, lengths, pieces of others."""
    data = bytearray(rng.choice(pickles))
    opcodes = [ord(opcode.code) for opcode in pickletools.opcodes]
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data) + 1)
        change = rng.randrange(7)
        if change == 0:
            data[at:at] = bytes([rng.choice(opcodes)])
        elif change == 1:
            data[at : at + 1] = bytes([rng.choice(opcodes)])
        elif change == 2:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif change == 3:
            del data[at : at + rng.randint(1, 4)]
        elif change == 4:
            other = rng.choice(pickles)
            start = rng.randrange(len(other) + 1)
            data[at:at] = other[start : start + rng.randint(1, 12)]
        elif change == 5:
            data[at:at] = data[rng.randrange(len(data) + 1) :][: rng.randint(1, 12)]
        else:
            del data[at:]
    return bytes(data)


def case(data):
    text, raises = dis(data)
    return {"pickle": base64.b64encode(data).decode(), "text": text, "raises": raises}


def cut(data):
    """A case with the texts of all its beginnings, which must be beginnings of its text."""
    whole = case(data)
    cuts = []
    for length in range(len(data)):
        text, raises = dis(data[:length])
        assert raises is not None and whole["text"].startswith(text)
        cuts.append(len(text.encode("utf-16-le", "surrogatepass")) // 2)
    return whole | {"cuts": cuts}


def main():
    rng = random.Random(3)
    pickles = list(dict.fromkeys(data for data in [*ODD, *written()] if len(data) < 12_000))
    short = [data for data in pickles if len(data) < 200]
    whole = [data for data in pickles if len(data) < 700 or data in ODD]
    cuttable = [data for data in short if 20 < len(data) and dis(data)[1] is None]
    cases = [
        *(case(data) for data in whole),
        *(cut(data) for data in rng.sample(cuttable, 60)),
        *(case(mutated(rng, short)) for _ in range(500)),
        *map(case, PLAIN),
    ]
    lines = ",\n".join(json.dumps(each) for each in cases)
    (HERE / "dis.json").write_text(f"[\n{lines}\n]\n")
    print(len(cases), "cases;", sum(each["raises"] is not None for each in cases), "raise")


if __name__ == "__main__":
    main()
