# Pickles of a value in the ways that Python and its tools write them, and damaged ones. For Python 3.13. Everything
# follows from the generator of random numbers that is passed in; knows no outcome.
import io
import pickle
import pickletools
import struct

OPCODES = [opcode.code.encode('latin-1') for opcode in pickletools.opcodes]
# Argument-free pieces that make sense in most places, and so get a mutated pickle further than random bytes do.
PIECES = [b'N', b'K\x01', b'(', b'0', b'2', b'1', b']', b'}', b')', b'\x8f', b'a', b's', b'e', b'u', b't', b'l', b'd',
          b'\x85', b'\x86', b'\x90', b'\x91', b'R', b'b', b'\x81', b'\x94', b'h\x00', b'h\x01', b'q\x00', b'.', b'\x88',
          b'\x8c\x01a', b'C\x01a', b'G?\xf0\x00\x00\x00\x00\x00\x00', b'I01\n', b'I1\n', b'L1L\n', b'F1.5\n', b'Va\n',
          b"S'a'\n", b'g0\n', b'p0\n', b'cbuiltins\nlist\n', b'cm\nC\n', b'(icopyreg\n_reconstructor\n',
          b'\x8a\x01\xff']


def dumped(random, value):
    """A pickle of a value, by either pickler, as it comes or with its memo made smaller or sparse."""
    protocol = random.randrange(6)
    if random.random() < 0.3:
        file = io.BytesIO()
        pickle._Pickler(file, protocol).dump(value)
        data = file.getvalue()
    else:
        data = pickle.dumps(value, protocol)
    choice = random.random()
    if choice < 0.2:
        return pickletools.optimize(data)
    return renumbered(random, data) if choice < 0.4 and protocol < 4 else data


def renumbered(random, data):
    """The same pickle with other memo indexes, some of them far apart. (Protocol 4 stores where the memo ends.)"""
    factor, offset = random.choice((1, 2, 17, 1000)), random.choice((0, 1, 15, 300))
    pieces = []
    positions = [(opcode, argument, position) for opcode, argument, position in pickletools.genops(data)]
    ends = [position for _, _, position in positions[1:]] + [len(data)]
    for (opcode, argument, position), end in zip(positions, ends):
        if opcode.name in ('PUT', 'GET'):
            pieces.append(opcode.code.encode() + b'%d\n' % (argument * factor + offset))
        elif opcode.name in ('BINPUT', 'LONG_BINPUT'):
            pieces.append(b'r' + struct.pack('<I', argument * factor + offset))
        elif opcode.name in ('BINGET', 'LONG_BINGET'):
            pieces.append(b'j' + struct.pack('<I', argument * factor + offset))
        else:
            pieces.append(data[position:end])
    return b''.join(pieces)


def mutated(random, data, other):
    """A pickle with one to four changes: bits, bytes, opcodes and pieces of it or of another one."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 1, 2, 9, 40)))
        kind = random.randrange(8)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            data[at:at] = random.randbytes(random.choice((1, 1, 4)))
        elif kind == 2:
            del data[at:end]
        elif kind == 3:
            start = random.randrange(len(other))
            data[at:end] = other[start:start + random.randrange(40)]
        elif kind == 4:
            data[at:at] = data[at:end]
        elif kind == 5 and at < len(data):
            data[at:at + 1] = random.choice(OPCODES)
        else:
            data[at:at] = random.choice(PIECES)
    return bytes(data)


def between_opcodes(random, data, other):
    """A pickle changed only where one opcode ends and the next begins: it stays readable, but means something else."""
    def cuts(data):
        positions = [position for _, _, position in pickletools.genops(data)]
        return [data[start:end] for start, end in zip(positions, positions[1:] + [len(data)])]
    opcodes, others = cuts(unframed(data)), cuts(unframed(other))
    for _ in range(random.choice((1, 1, 2, 3))):
        at = random.randrange(len(opcodes) + 1)
        end = at + random.choice((0, 0, 1, 1, 2))
        opcodes[at:end] = random.choice(([], [random.choice(PIECES)], [random.choice(others)], opcodes[at:end] * 2))
    return b''.join(opcodes)


def unframed(data):
    """The pickle without its frames, whose lengths would not survive a change."""
    out = bytearray()
    end = None
    for opcode, _, position in reversed(list(pickletools.genops(data))):
        if opcode.name != 'FRAME':
            out[:0] = data[position:end]
        end = position
    return bytes(out)
