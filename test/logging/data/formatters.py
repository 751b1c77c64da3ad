"""Prints what CPython's logging.Formatter makes of random formats, records, date formats and time zones.

    python formatters.py --style '{' --seed 1 --cases 3000 > braces.jsonl

For Python 3.13 on a system with the GNU C library and its time zones. One JSON value a line: first the records, each
the pickle that a SocketHandler would send, in base64; then the cases,
[record, format, date format, TZ, defaults, whether Formatter accepts it, text, exception]; the text is null where
there is an exception. The same seed gives the same lines.
"""
import argparse
import array
import base64
import collections
import datetime
import decimal
import fractions
import ipaddress
import json
import logging
import os
import pathlib
import pickle
import random
import re
import resource
import struct
import sys
import time
import types
import uuid
import warnings
import zoneinfo

FIELDS = ['name', 'msg', 'args', 'levelname', 'levelno', 'pathname', 'filename', 'module', 'exc_info', 'exc_text',
          'stack_info', 'lineno', 'funcName', 'created', 'msecs', 'relativeCreated', 'thread', 'threadName',
          'processName', 'process', 'taskName', 'message', 'asctime']

# Zones with a rule hold for any time; the others for times whose rules are settled.
RULE_ZONES = ['UTC0', '', 'CET-1CEST,M3.5.0,M10.5.0/3', 'EST5EDT,M3.2.0,M11.1.0', 'NZST-12NZDT,M9.5.0,M4.1.0/3',
              '<-03>3<-02>,M3.5.0/-2,M10.5.0/-1', 'XXX3:30:15', '<+0545>-5:45', 'IST-2IDT,J60/26,300/1:30',
              'abc4def,59,J305']
NAMED_ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns',
               'Pacific/Apia', 'Asia/Kathmandu', ':Europe/Dublin', '/usr/share/zoneinfo/America/Sao_Paulo']
SETTLED = 1704067200  # 2024

TEXTS = ['', 'a', 'abc', 'jackdaw', 'h\xe9llo', '\u20ac\u20ac', '\U0001f600', 'a\U0001f600b\U0001f601c', "it's",
         'say "hi"', 'tab\t', 'two\nlines', '\udce9', '\ud800x', 'x' * 20, '100%', '{braces}', '$name', '\x00nul']


class Thing:
    """A class that the receiver does not know: what it was pickled with is all that there is of it."""


class Values:
    def __init__(self, generator):
        self.random = generator

    def pick(self, *choices):
        return self.random.choice(choices)

    def integer(self):
        return self.pick(0, 1, -1, 7, -42, 255, 1000, 10 ** 6, -1234567, 2 ** 31, -(2 ** 53), 2 ** 64, -(10 ** 30),
                         3 ** 200, 65, 0x1f600, 0x110000, self.random.randrange(-10 ** 6, 10 ** 6))

    def double(self):
        r = self.random
        return self.pick(
            lambda: struct.unpack('>d', r.randbytes(8))[0], lambda: r.randrange(-4000, 4000) / 2 ** r.randrange(0, 8),
            lambda: r.uniform(-2000, 2000), lambda: float(r.randrange(-10, 10)) * 10.0 ** r.randrange(-30, 30),
            lambda: float(r.randrange(-9, 10)) * 10.0 ** r.randrange(-6, 6),
            lambda: r.choice([0.0, -0.0, 1.0, 0.5, 2.5, 1e16, 1e22, 5e-324, 1.7976931348623157e308, 9.5, 99.995,
                              -0.0004, 123456.0, 1e21, 1e-5, float('nan'), float('inf'), float('-inf')]))()

    def decimal(self):
        r = self.random
        return self.pick(
            lambda: decimal.Decimal(r.randrange(-10 ** 6, 10 ** 6)).scaleb(r.randrange(-12, 12)),
            lambda: decimal.Decimal(r.randrange(-99, 100)).scaleb(r.randrange(-9, 4)),
            lambda: decimal.Decimal(r.choice(['0', '-0', '0E+5', '-0.000', '1E+5', '-1E-9', '0.5', '2.5', '12.345',
                                              '9.9995', '999999', 'NaN', '-NaN12', 'sNaN', 'Infinity', '-Infinity',
                                              '1234567.891', '1E+300', '1E-300', '123456789012345678901234567890.5'])))()

    def fraction(self):
        r = self.random
        return self.pick(
            lambda: fractions.Fraction(r.randrange(-10 ** 6, 10 ** 6), r.randrange(1, 2000)),
            lambda: fractions.Fraction(r.choice(['0', '1', '-1/2', '1/3', '-7/8', '1000000', '1/1000000', '5/2'])),
            lambda: fractions.Fraction(r.randrange(-99, 100), 10 ** r.randrange(7)),
            lambda: fractions.Fraction(3 ** 80, 7 ** 40))()

    def zone(self):
        r = self.random
        return self.pick(
            lambda: None, lambda: None, lambda: datetime.timezone.utc,
            lambda: datetime.timezone(datetime.timedelta(seconds=r.randrange(-86399, 86400))),
            lambda: datetime.timezone(datetime.timedelta(hours=1), 'a%Yb'),
            lambda: zoneinfo.ZoneInfo(r.choice(['Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'UTC'])))()

    def moment(self):
        r = self.random
        return datetime.datetime(r.choice([r.randrange(1970, 2024)] * 9 + [r.randrange(1, 1970)]), r.randrange(1, 13),
                                 r.randrange(1, 29), r.randrange(24), r.randrange(60), r.randrange(60),
                                 r.choice([0, r.randrange(10 ** 6)]))

    def record(self):
        r = self.random
        text = lambda: r.choice(TEXTS)
        created = r.choice([r.uniform(2e8, SETTLED)] * 5 + [float(r.randrange(200000000, SETTLED)),
                                                            r.uniform(SETTLED, 4.2e9)])
        moment = self.moment()
        thing = Thing()
        thing.x, thing.y = self.integer(), [text(), None]
        record = dict(zip(FIELDS, [
            text(), text(), None, r.choice(['INFO', 'WARNING']), r.choice([10, 20, 50]), '/srv/app.py', 'app.py', 'app',
            None, r.choice([None, None, 'Traceback\n  boom']), r.choice([None, None, 'Stack']), r.randrange(1000), 'run',
            created, float(int(created % 1 * 1000)), r.uniform(0, 1e7), 140000000000000 + r.randrange(10 ** 9),
            'MainThread', 'MainProcess', r.randrange(1, 65536), None]))
        if r.random() < 0.2:
            record['asctime'] = 'leaked'
        if r.random() < 0.3:
            record['msg'] = r.choice([self.integer(), self.double(), None, [1, 'a'], moment])
        moment = moment if moment.year < 1970 else moment.replace(tzinfo=self.zone())
        record.update({
            'i': self.integer(), 'f': self.double(), 's': text(), 'b': r.random() < 0.5, 'none': None,
            'd': self.decimal(), 'q': self.fraction(), 'c': complex(self.double(), self.double()),
            'c2': complex(r.choice([0.0, -0.0]), self.double()), 'when': moment, 'day': moment.date(),
            'clock': moment.time().replace(tzinfo=r.choice([None, datetime.timezone.utc])),
            'span': datetime.timedelta(days=r.randrange(-9, 9), seconds=r.randrange(86400)),
            'l': [self.integer(), text(), [self.double()]], 't': (text(), self.integer()),
            'm': {'k': self.double(), 'x y': text(), 5: self.integer(), '5x': None, 'in': {'deep': [1, 2]}},
            'by': r.randbytes(4), 'ba': bytearray(b'ab'), 'ns': types.SimpleNamespace(a=self.integer(), b=None),
            'ip': ipaddress.IPv4Address(r.getrandbits(32)), 'ip6': ipaddress.IPv6Address(r.getrandbits(r.choice([0, 40, 128]))),
            'net': ipaddress.IPv4Network('10.0.0.0/8'), 'u': uuid.UUID(int=r.getrandbits(128)),
            'r': range(r.randrange(5), r.randrange(5, 40), r.randrange(1, 4)), 'set': {self.integer()},
            'dq': collections.deque([self.double(), text()], 3), 'counter': collections.Counter('aab'),
            'dd': collections.defaultdict(list, {'a': 1}), 'od': collections.OrderedDict([('z', 1), ('y', 2)]),
            'arr': array.array('d', [0.5, 2.0]), 'sl': slice(1, None, 2), 'exc': ValueError(text()), 'thing': thing,
            'path': pathlib.PurePosixPath('/srv/log'), 'dots': ..., 'width': r.choice([0, 3, 12, 30]),
            'prec': r.choice([0, 1, 3, 20]), 'kind': r.choice('dsfgexXbo%nc'), 'fill': r.choice('0x \U0001f600\udce9<'),
            'dd.trace_id': 5, '__proto__': 'plain', 'constructor': 1.5, 'gr\xf6\xdfe': 'umlaut', 'S': text(),
        })
        if r.random() < 0.15:
            record['exc_info'] = r.choice([(ValueError, ValueError('late'), None), (KeyError, KeyError('k'), None)])
        return record


EXTRAS = ['i', 'f', 's', 'b', 'none', 'd', 'q', 'c', 'c2', 'when', 'day', 'clock', 'span', 'l', 't', 'm', 'by', 'ba',
          'ns', 'ip', 'ip6', 'net', 'u', 'r', 'set', 'dq', 'counter', 'dd', 'od', 'arr', 'sl', 'exc', 'path', 'dots',
          'width', 'prec', 'kind', 'fill', '__proto__', 'constructor', 'gr\xf6\xdfe']
MISSING = ['gone', 'toString', 'hasOwnProperty', 'extra', 'then']
DEFAULTS = [None, None, None, {'gone': '-', 'extra': 7, 'i': 'hidden'}, {'then': None, 'toString': 'text'}]

DIRECTIVES = 'aAbBcCdDeFgGhHIjklmMnpPrRStTuUVwWxXyYzZzZ%QJ+f'


class Cases(Values):
    def name(self):
        return self.pick(self.random.choice(FIELDS[:-1]), self.random.choice(EXTRAS), self.random.choice(EXTRAS),
                         self.pick('message', 'asctime', 'levelname', self.random.choice(MISSING)))

    def datefmt(self):
        r = self.random
        if r.random() < 0.6:
            return None
        parts = []
        for _ in range(r.randrange(1, 5)):
            flags = ''.join(r.choice('-_0^#') for _ in range(r.choice([0, 0, 0, 1, 2])))
            width = r.choice(['', '', '', str(r.randrange(1, 14))])
            parts.append('%' + flags + width + r.choice(['', '', '', 'E', 'O']) + r.choice(DIRECTIVES))
            parts.append(r.choice([' ', '', 'T', '-', '\u20ac', '%Z', '%%']))
        return ''.join(parts)

    def mutated(self, text, alphabet):
        r = self.random
        for _ in range(r.choice([0, 0, 0, 0, 0, 0, 1, 1, 2])):
            at = r.randrange(len(text) + 1)
            text = self.pick(text[:at] + r.choice(alphabet) + text[at:], text[:at] + text[at + 1:], text[:at],
                             text[:at] + r.choice(alphabet) + text[at + 1:])
        return text

    def literal(self):
        return self.pick('', '', ' ', ' - ', 'x', ': ', '\u20ac', '\U0001f600', '\n', '[', ']')

    def joined(self, part, alphabet):
        r = self.random
        text = ''.join(self.literal() + part() for _ in range(r.choice([1, 1, 1, 2, 2, 3]))) + self.literal()
        return self.mutated(text, alphabet)


class PercentCases(Cases):
    def conversion(self):
        r = self.random
        flags = ''.join(r.choice('#0- +') for _ in range(r.choice([0, 0, 0, 1, 1, 2])))
        width = r.choice(['', '', str(r.randrange(0, 30))])
        precision = r.choice(['', '', '.', '.' + str(r.randrange(0, 25)), '.0', '.2'])
        name = r.choice(['(' + self.name() + ')'] * 30 + ['', '(dd.trace_id)', '(x(y))', '(\u20ac)'])
        numeric = name in ('(%s)' % each for each in ('i', 'b', 'f', 'd', 'q', 'ip', 'u', 'width', 'lineno', 'created', 'msecs'))
        kind = r.choice('ddifFeEgGxXocs') if numeric else r.choice('sssssssssssrradfxc%')
        return '%' + name + flags + width + precision + r.choice(['', '', '', 'l']) + kind

    def format(self):
        return self.joined(self.conversion, '%()sd*.0-+ h$y\u20ac')


class BraceCases(Cases):
    # What is looked up in a value, by its name: all of these are data.
    STEPS = {
        'i': ['.real', '.imag', '.numerator', '.denominator', '.nope', '[0]', '[a]'], 'b': ['.real', '.imag'],
        'f': ['.real', '.imag', '.nope'], 'c': ['.real', '.imag'], 'd': ['.real', '.imag', '[0]'],
        'q': ['.numerator', '.denominator', '.real', '.imag'],
        's': ['[0]', '[1]', '[99]', '[a]', '[-1]', '.nope', '.__proto__', '.length'], 'none': ['[0]', '.nope', '[a]'],
        'when': ['.year', '.month', '.day', '.hour', '.minute', '.second', '.microsecond', '.fold', '.tzinfo', '[0]'],
        'day': ['.year', '.month', '.day', '.hour'], 'clock': ['.hour', '.microsecond', '.tzinfo', '.year'],
        'span': ['.days', '.seconds', '.microseconds', '.hours'],
        'l': ['[0]', '[1]', '[2]', '[2][0]', '[2][1]', '[3]', '[1][0]', '[x]', '[-1]', '[00]', '.length', '[\u0661]'],
        't': ['[0]', '[1]', '[2]', '.0', '[99999999999999999999]', '[9223372036854775807]'],
        'm': ['[k]', '[x y]', '[5]', '[5x]', '[in][deep][1]', '[gone]', '[6]', '.k', '[in].deep', '[__proto__]', '["k"]'],
        'by': ['[0]', '[3]', '[4]', '[a]'], 'ba': ['[0]', '[2]'], 'ns': ['.a', '.b', '.c', '[a]', '.__proto__'],
        'u': ['.hex', '.int', '.urn', '[0]'], 'r': ['[0]', '[1]', '[50]', '.start', '.stop', '.step', '[a]'],
        'ip': ['.version', '.compressed'], 'ip6': ['.version', '.compressed'], 'set': ['[0]'],
        'dq': ['[0]', '[1]', '[2]', '.maxlen', '[a]'], 'counter': ['[a]', '[z]', '[0]'],
        'dd': ['[a]', '.default_factory', '[a].real'], 'od': ['[z]', '[y]', '[x]', '[0]'],
        'arr': ['[0]', '[1]', '[2]', '.typecode'], 'sl': ['.start', '.stop', '.step', '[0]'], 'exc': ['.args', '.args[0]', '[0]'],
        'thing': ['.x', '.y', '.y[0]', '.y[1]', '.y[2]', '.x.real', '.gone'],
    }

    def specification(self):
        r = self.random
        if r.random() < 0.04:
            return self.pick('{width}', '{kind}', '{fill}<{width}', '{width}.{prec}', '>{width}{kind}', '{gone}', '{}', '{0}',
                             '{width:{prec}}', '{s}', '{fill}^{width}.{prec}{kind}', '{{', '{{}}', '{width!r}', '{width', '{width.real}',
                             '0{width},', '{none}', '{width.nope}', '{l[0]}')
        fill = r.choice(['', '', '', '<', '>', '^', '=', '*<', '0>', '\U0001f600^', '\udce9>', '0=', ' =', '<<', '\x00<', '^^'])
        sign = r.choice(['', '', '', '+', '-', ' '])
        flags = r.choice(['', '', '', '', 'z']) + r.choice(['', '', '', '#'])
        width = r.choice(['', '', '', '0', '1', '8', '010', '15', '30', '05', '07', '\u0661\u0662', '008', '45'])
        grouping = r.choice(['', '', '', ',', '_', ',', '_', ',_', '__'])
        precision = r.choice(['', '', '', '.0', '.1', '.3', '.17', '.', '.007', '.\u0663', '.25'])
        kind = r.choice(['', '', 'd', 's', 'f', 'g', 'e', 'x', 'X', 'b', 'o', 'c', 'n', '%', 'F', 'G', 'E', 'N', 'y', '\u20ac', 'r'])
        if r.random() < 0.35:  # most combinations of everything are wrong
            fill, flags, grouping, sign = [r.choice([part, '']) for part in (fill, flags, grouping, sign)]
        return fill + sign + flags + width + grouping + precision + kind

    # What suits a value, by its name.
    def fitting(self, name):
        r = self.random
        fill = r.choice(['', '', '<', '>', '^', '*<', '0>', '\U0001f600^'])
        width = r.choice(['', '4', '12', '25'])
        if name in ('when', 'day', 'clock'):
            flags = r.choice(['', '', '', '-', '5', '^', '_3', 'E'])
            letter = r.choice(DIRECTIVES.replace('Q', ''))
            if letter in 'zZ' and flags:  # what the C library prints there depends on its own state
                flags = ''
            return r.choice(['%Y-%m-%d', '%H:%M', '%f', '%z', '%:z', '%Z', '%%f', '%', '\u20ac', '%c']) + '%' + flags + letter
        if name in ('i', 'b', 'lineno', 'process', 'levelno', 'thread', 'width'):
            number = r.choice(['', '+', ' ']) + r.choice(['', '#']) + r.choice(['', '0']) + width
            return r.choice([fill, '=', '']) + number + r.choice(['', ',', '_']) + r.choice('ddxXobnefg%E' + 'c' * (number == width))
        if name in ('f', 'd', 'q', 'c', 'c2', 'created', 'msecs', 'relativeCreated', 'constructor'):
            zero = r.choice(['', '0']) if name not in ('c', 'c2') else ''
            return (r.choice([fill, '', '']) + r.choice(['', '+', ' ', '-']) + r.choice(['', 'z']) + r.choice(['', '#']) + zero
                    + width + r.choice(['', ',', '_' if name != 'd' else '']) + r.choice(['', '.0', '.1', '.2', '.6', '.20'])
                    + r.choice(['', 'e', 'f', 'g', 'E', 'F', 'G', 'n', '%']))
        if name in ('ip', 'ip6'):
            return r.choice(['b', 'x', 'X', 'n', '#x', '_b', '#_X', '>45s', 's', 'd', '#n', '_n', '20'])
        return fill + width + r.choice(['', '', '.1', '.5']) + r.choice(['', 's'])

    def number(self):
        name = self.pick('i', 'b', 'f', 'd', 'q', 'c', 'c2', 'when', 'clock', 'ip', 'ip6', 'lineno', 'created', 's')
        return '{' + name + ':' + self.fitting(name) + '}'

    def field(self):
        r = self.random
        if r.random() < 0.3:
            return self.number()
        name = self.name()
        expression = name
        if r.random() < 0.3:
            name = r.choice(list(self.STEPS))
            expression = name + r.choice(self.STEPS[name])
        elif r.random() < 0.06:
            expression = self.pick('', '0', '1', '\u0661', '00', '0x', 'a b', '.real', '[0]', 'message.', 'message[]', 'l[0]x',
                                   '99999999999999999999', '99999999999999999999x', 'l[0', 'dd.trace_id', 'm[a}b]', 'm[a{b]', 'i..real', 'l[[0]]')
        conversion = r.choice([''] * 8 + ['!r', '!s', '!a', '!x', '!', '!rr', '!\x00'])
        if conversion and r.random() < 0.5:
            conversion = self.pick('!r', '!s', '!a')
        choice = r.random()
        if choice < 0.35:
            return '{' + expression + conversion + '}'
        if conversion:
            name = 'text'
        specification = self.fitting(name) if choice < 0.85 else self.specification()
        return '{' + expression + conversion + ':' + specification + '}'

    def format(self):
        if self.random.random() < 0.4:
            return self.number()
        return self.joined(lambda: self.pick(self.field(), self.field(), self.field(), self.field(), '{{', '}}'), '{}!:.[]0xr\u20ac<%s')


class DollarCases(Cases):
    def placeholder(self):
        r = self.random
        name = self.name()
        return r.choice(['$' + name, '${' + name + '}', '${' + name + '}', '$$']) if r.random() < 0.92 else self.pick(
            '$', '$1', '${1}', '${a b}', '${}', '${' + name, '$\xe9', '$\u212a', '$\u017f', '$_x', '${' + name + '!r}', '$$$', '$\n',
            '${ ' + name + '}', '$dd.trace_id', '${S}', '$S')

    def format(self):
        return self.joined(self.placeholder, '${}aS1 \u20ac\u017f_%')


STYLES = {'%': PercentCases, '{': BraceCases, '$': DollarCases}
# Two surrogates side by side are one character to JavaScript, methods have addresses, the factory of a defaultdict is
# not called here, microseconds can become a field of a million columns, and a conversion without a name prints the whole
# record: such cases are left out. (docs/deviations.md of picklewire has them all.)
SAYS_NOTHING = re.compile(r'[\ud800-\udbff][\udc00-\udfff]| at 0x|\{dd\[(?!a\])|\{path\.|%[-_0^#]*[0-9]*%f')
NAMELESS = re.compile(r'%(?!%)[-#0 +]*[0-9*]*(\.[0-9*]*)?[hlL]?[sra]')

# A number of the record may become a width. Such texts are bounded by picklewire, and tested for that elsewhere.
LONGEST = 2000
MOST_MEMORY = 2 << 30


def judge(record, style, form, datefmt, zone, defaults):
    """Whether Formatter accepts the format, and the text or the name of the exception."""
    if zone != os.environ.get('TZ'):
        os.environ['TZ'] = zone
        time.tzset()
    try:
        logging.Formatter(form, datefmt, style, defaults=defaults)
        accepted = 1
    except ValueError:
        accepted = 0
    formatter = logging.Formatter(form, datefmt, style, False, defaults=defaults)
    try:
        return [accepted, formatter.format(logging.makeLogRecord(record)), None]
    except Exception as error:
        name = 'ValueError' if isinstance(error, UnicodeError) else type(error).__name__
        return [accepted, None, name]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--style', choices=STYLES, required=True)
    parser.add_argument('--seed', type=int, required=True)
    parser.add_argument('--cases', type=int, required=True)
    options = parser.parse_args()
    warnings.simplefilter('ignore')
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    sys.stdout.reconfigure(newline='\n')
    generator = random.Random(options.seed)
    cases = STYLES[options.style](generator)
    payloads = [pickle.dumps(cases.record(), 1) for _ in range(max(4, options.cases // 60))]

    def show(value):
        print(json.dumps(value, separators=(',', ':')))

    for payload in payloads:
        show(base64.b64encode(payload).decode('ascii'))
    made = 0
    while made < options.cases:
        index = generator.randrange(len(payloads))
        record = pickle.loads(payloads[index])
        form, datefmt, defaults = cases.format(), cases.datefmt(), generator.choice(DEFAULTS)
        zones = RULE_ZONES if record['created'] >= SETTLED else RULE_ZONES + NAMED_ZONES * 2
        zone = generator.choice(zones)
        outcome = judge(record, options.style, form, datefmt, zone, defaults)
        if len(outcome[1] or '') > LONGEST or outcome[2] == 'MemoryError':
            continue
        if SAYS_NOTHING.search(form + '|' + (outcome[1] or '')):
            continue
        if options.style == '%' and NAMELESS.search(form.replace('%%', '')):
            continue
        show([index, form, datefmt, zone, defaults, *outcome])
        made += 1


if __name__ == '__main__':
    main()
