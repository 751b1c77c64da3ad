# Python's side of the differential test: makes pickles from seeds and says what CPython makes of them. For Python 3.13.
# A request is a JSON object behind a 4-byte big-endian length: "kind" ("values" or "mutations"), "seed", "count". The
# answer, in the same form, is a list of "seed", "pickle" (base64), "reject" and "inert", the last two as judge() says.
import base64
import json
import pathlib
import pickle
import random
import resource
import struct
import sys
import warnings

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[3] / 'fixtures' / 'corpus')]

from judge import judge  # noqa: E402
from pickles import between_opcodes, dumped, mutated  # noqa: E402
from values import Values  # noqa: E402

MOST_MEMORY = 2 << 30


def valid(generator):
    """A pickle of a random value."""
    while True:
        value = Values(generator).value()
        try:
            return dumped(generator, value)
        except (RecursionError, TypeError, pickle.PicklingError):
            # Not every value has a pickle of every protocol: slots have none before 2, some cycles have none at all.
            continue


def made(kind, seed):
    generator = random.Random(seed)
    data = valid(generator)
    if kind == 'mutations':
        change = generator.choice((mutated, between_opcodes))
        data = change(generator, data, valid(generator))
    return data


def answer(request):
    rows = []
    for seed in range(request['seed'], request['seed'] + request['count']):
        data = made(request['kind'], seed)
        rows.append({'seed': seed, 'pickle': base64.b64encode(data).decode('ascii'),
                     **{policy: judge(data, policy) for policy in ('reject', 'inert')}})
    return rows


def main():
    warnings.simplefilter('ignore')
    # A mutated length or count may ask for anything.
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    while header := sys.stdin.buffer.read(4):
        request = json.loads(sys.stdin.buffer.read(struct.unpack('>I', header)[0]))
        body = json.dumps(answer(request)).encode('ascii')
        sys.stdout.buffer.write(struct.pack('>I', len(body)) + body)
        sys.stdout.buffer.flush()


if __name__ == '__main__':
    main()
