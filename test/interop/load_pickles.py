# Run as `python load_pickles.py FOLDER`: reads rows of JSON, each with a Python expression, a protocol and a pickle in
# base64, and loads each pickle. Prints what is not the value of its expression, and how many are. FOLDER holds the
# package `generator`, whose names the expressions use. Runs on 2.7 and 3.6 or newer.

from __future__ import print_function

import __future__
import base64
import json
import pickle
import re
import sys
import warnings

warnings.simplefilter('ignore')
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

from generator import values  # noqa: E402

PYTHON2 = sys.version_info[0] == 2
if PYTHON2:
    import cPickle
    LOADERS = [pickle.loads, cPickle.loads]
else:
    LOADERS = [pickle.loads]


def evaluate(expression):
    """The value of an expression of Python 3."""
    if not PYTHON2:
        return values.evaluate(expression)
    if 'bytes(' in expression:
        raise LookupError('Python 2 makes no bytes of numbers')
    names = dict(values.NAMES, range=xrange, str=unicode, int=long)  # noqa: F821
    flags = __future__.unicode_literals.compiler_flag | __future__.division.compiler_flag
    return eval(compile(expression, 'a row', 'eval', flags), names)


def text(value):
    """The repr(), without what tells Python 2's two types of text and of int apart: pickles of Python 3 bring one."""
    return re.sub(r'\bu(?=[\'"])|(?<=\d)L\b', '', repr(value)) if PYTHON2 else repr(value)


def same(left, right):
    """Printed alike, or equal, as sets are in any order."""
    if type(left) is not type(right) and not (PYTHON2 and isinstance(left, (unicode, long))):  # noqa: F821
        return False
    return text(left) == text(right) or left == right


def outcome(row):
    try:
        expected = evaluate(row['expr'])
    except Exception:
        return 'absent'
    for loads in LOADERS:
        try:
            loaded = loads(base64.b64decode(row['pickle']))
        except Exception as error:
            return '%s: %s' % (type(error).__name__, error)
        if not same(loaded, expected):
            return 'loaded %r' % (loaded,)
    return 'same'


counts = {'same': 0, 'absent': 0}
for line in sys.stdin:
    row = json.loads(line)
    result = outcome(row)
    if result in counts:
        counts[result] += 1
    else:
        print(json.dumps([row['expr'][:100], row['protocol'], result[:200]]))
print(json.dumps(counts))
