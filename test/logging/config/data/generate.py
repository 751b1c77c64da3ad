"""Writes ini.jsonl and literals.jsonl: what Python's configparser and its evaluation make of random texts.

    python3.13 test/logging/config/data/generate.py

Run with Python 3.13; the seed is fixed, so that the files change only with this script.
"""

import ast
import configparser
import json
import logging
import logging.handlers
import pathlib
import random

HERE = pathlib.Path(__file__).parent
SEED = 20240611

# Few of them are errors, since one is enough for a text.
INI_LINES = [
    "[a]", "[b]", "[DEFAULT]", "[a b]", "[]", "[c]]", "[a", "x = 1", "y: 2", "Z=%(x)s", "w = %(y)s and %(X)s", "p = 100%%",
    "q = 50%", "r = %(nowhere)s", "s = %(s)s", "t =", "u", "= v", "; comment", "# comment", "x = 2 ; not a comment",
    "  continued", "    deeper", "", "   ", "key with spaces = value with spaces ", "k = a = b", "k : a : b", "\ttabbed",
    "args = ('x', 1)", "n = %(p)s", "m = %x", "  # indented comment", "o = %(", "O = twice",
]

ATOMS = [
    "1", "0", "-5", "+7", "1_000", "0x1F", "0o17", "0b101", "1.5", ".5", "2.", "1e3", "1E-2", "None", "True", "False",
    "'a'", '"b"', "'it\\'s'", "'\\x41\\u00e9\\n\\t\\q\\0'", "r'raw\\n'", "u'u'", "'''long'''", '"""q"q"""', "''", "'a' 'b'",
    "sys.stdout", "sys . stderr", "DEBUG", "ERROR", "handlers.DEFAULT_TCP_LOGGING_PORT", "handlers.SysLogHandler.LOG_USER",
    "os.system", "x", "f'x'", "b'x'", "1 + 1", "[i for i in ()]", "lambda: 0", "open('x')", "...", "1j", "'open", "--1",
    "'\\\n'", "00", "'\\777'", "007", "1__0", "1_", "0_0", "01.5", "1_0.5_0", "0x_1F", "1.e5", "0b2", "1if",
]


def ini_cases(random):
    for _ in range(1500):
        lines = random.choices(INI_LINES, k=random.randrange(1, 9))
        if random.random() < 0.8:
            lines.insert(0, "[a]")
        yield "\n".join(lines)


def read_ini(text):
    parser = configparser.ConfigParser({"dflt": "from outside"})
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    result = {}
    for section in parser.sections():
        options = result[section] = {}
        for option in parser.options(section):
            raw = parser.get(section, option, raw=True)
            try:
                value = parser.get(section, option)
            except configparser.Error:
                value = None
            options[option] = [raw, value]
    return result


def expression(random, depth=0):
    kind = random.random()
    if depth > 2 or kind < 0.4:
        return random.choice(ATOMS)
    items = [expression(random, depth + 1) for _ in range(random.randrange(4))]
    comma = random.choice([", ", ",", " , "])
    if kind < 0.7:
        return "(" + comma.join(items) + random.choice(["", ",", ", "]) + ")"
    if kind < 0.85:
        return "[" + comma.join(items) + random.choice(["", ","]) + "]"
    keys = [random.choice(["'k'", '"l"', "'__proto__'", "1"]) for _ in items]
    return "{" + comma.join("%s: %s" % pair for pair in zip(keys, items)) + random.choice(["", ","]) + "}"


NAMES = {
    "sys.stdout": "<sys.stdout>", "sys.stderr": "<sys.stderr>", "DEBUG": logging.DEBUG, "ERROR": logging.ERROR,
    "handlers.DEFAULT_TCP_LOGGING_PORT": logging.handlers.DEFAULT_TCP_LOGGING_PORT,
    "handlers.SysLogHandler.LOG_USER": logging.handlers.SysLogHandler.LOG_USER,
}


class NotALiteral(Exception):
    pass


def literal(node):
    """The value of a syntax tree that is a literal or a name that is known; nothing is evaluated here either."""
    if isinstance(node, ast.Constant):
        if node.value is None or isinstance(node.value, (str, int, float)):
            return node.value
    elif isinstance(node, (ast.Tuple, ast.List)):
        return [literal(item) for item in node.elts]
    elif isinstance(node, ast.Dict) and None not in node.keys:
        keys = [literal(key) for key in node.keys]
        if all(isinstance(key, str) for key in keys):
            return dict(zip(keys, map(literal, node.values)))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        operand = literal(node.operand)
        if type(operand) in (int, float):
            return -operand if isinstance(node.op, ast.USub) else operand
    elif isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node) in NAMES:
        return NAMES[ast.unparse(node)]
    raise NotALiteral


def read_literal(source):
    try:
        return [literal(ast.parse(source.strip(), mode="eval").body)]
    except (SyntaxError, NotALiteral, ValueError):
        return None


def write(name, cases):
    with open(HERE / name, "w") as file:
        for case in cases:
            file.write(json.dumps(case, separators=(",", ":")) + "\n")


def main():
    rng = random.Random(SEED)
    write("ini.jsonl", ([text, read_ini(text)] for text in ini_cases(rng)))
    sources = ATOMS + [expression(rng) for _ in range(5000)] + ["1, 2", "'a',", "(1", "1)", "", "()", "[1 2]", "{'a' 1}"]
    write("literals.jsonl", ([source, read_literal(source)] for source in dict.fromkeys(sources)))


if __name__ == "__main__":
    main()
