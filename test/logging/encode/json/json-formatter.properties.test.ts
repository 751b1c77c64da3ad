// Laws of JsonFormatter: whatever a record holds, it becomes one line of JSON, equal to a model of the mapping.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonFormatter, jsonProfiles } from '../../../../src/logging/encode/json/json-formatter.ts';
import type { LogRecord } from '../../../../src/logging/event/log-record.ts';
import { makeLogRecord } from '../../../../src/logging/event/make-log-record.ts';
import { isTrue } from '../../../../src/logging/text/python-types.ts';
import { PyFloat, PyGlobal, PyObject, PySlice, PyTuple, toJSON, unpickle } from '../../../../src/pickle/index.ts';
import { readJson } from '../../../fixtures.ts';
import { checkProperty } from '../../../properties/check.ts';

/** Every kind of value that real Pythons pickled, but for the few of which one fills a page. */
const fixtures = readJson<{ protocols: Record<string, string> }[]>('repr.json')
  .map(({ protocols }) => Buffer.from(Object.values(protocols)[0] as string, 'base64'))
  .filter(({ length }) => length < 500)
  .map((pickle) => unpickle(pickle, { floats: 'tagged' }));

const FEW = { maxLength: 4 };

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\x1b', '\n', '\r', '\x85', '\x9b', '\u2028', '"', '\\', '\ud800', 'a', '😀') }),
  fc.constantFrom(
    '__proto__',
    'toJSON',
    'then',
    'constructor',
    '$',
    '$dict',
    '$ref',
    'Traceback (most recent call last):\n',
  ),
);
const key = fc.oneof({ weight: 4, arbitrary: text }, fc.constantFrom<unknown>(null, 1, 2n ** 70n, PyTuple.of(1)));
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.bigInt(),
  fc.double(),
  fc.integer().map((value) => new PyFloat(value)),
  fc.uint8Array(),
  fc.constantFrom<unknown>(null, true, false, new PyGlobal('m.n', 'A.b'), ...fixtures),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), FEW),
    fc.array(tie('value'), FEW).map((items) => PyTuple.of(...items)),
    fc.array(tie('value'), FEW).map((items) => new Set(items)),
    fc.array(fc.tuple(key, tie('value')), FEW).map((entries) => new Map(entries)),
    fc.array(tie('value'), FEW).map((items) => Object.assign(new PyObject('m', 'A', PyTuple.of()), { state: items })),
    fc.tuple(tie('value'), tie('value'), tie('value')).map((parts) => new PySlice(...parts)),
    // A cycle.
    fc.array(tie('value'), FEW).map((items) => {
      const list = [...items];
      list.push(list);
      return list;
    }),
  ),
}));

const TIMES = ['created', 'msecs', 'relativeCreated'] as const;
const OTHERS = (
  'name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName thread ' +
  'threadName processName process taskName message asctime'
).split(' ');
const TAKEN = [
  'level',
  'time',
  'pid',
  'err',
  'err_',
  'log',
  'ecs',
  '@timestamp',
  'thread.id',
  'otelTraceID',
  'lineno_',
];

/** A dict as a stranger may send it: fields with any value, times that are numbers, extras of any name. */
const dict = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...TIMES), fc.double())),
    fc.array(fc.tuple(fc.constantFrom(...OTHERS), fc.oneof(text, fc.integer(), value))),
    fc.array(fc.tuple(fc.oneof(key, fc.constantFrom(...TAKEN)), value)),
  )
  .map((parts) => new Map<unknown, unknown>(parts.flat()));

/** Extras that the sender had no part in: a local program may set any name. */
const record = fc
  .tuple(dict, fc.array(fc.tuple(fc.constantFrom(...OTHERS, ...TAKEN), value)))
  .map(([entries, more]) => {
    const made = makeLogRecord(entries);
    for (const [name, extra] of more) made.extras.set(name, extra);
    return made;
  });

/** `toJSON`, with what a terminal or a reader of lines may act on escaped. */
function json(anything: unknown): string {
  // toJSON may write a surrogate pair as two escapes, where it cuts a long text to write it.
  const plain = typeof anything === 'string' ? JSON.stringify(anything) : toJSON(anything);
  return plain.replace(/[\x7f-\x9f\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The documented line of the profile `python`. */
function modelOf(made: LogRecord, message: string): string {
  const fields: readonly [name: string, value: unknown][] = [
    ['created', new PyFloat(made.created)],
    ['levelname', made.levelname],
    ['levelno', made.levelno],
    ['name', made.name],
    ['message', message],
    ['msg', made.msg === message ? null : made.msg],
    ['args', isTrue(made.args) ? made.args : null],
    ['pathname', made.pathname],
    ['filename', made.filename],
    ['module', made.module],
    ['lineno', made.lineno],
    ['funcName', made.funcName],
    ['relativeCreated', new PyFloat(made.relativeCreated)],
    ['process', made.process],
    ['processName', made.processName],
    ['thread', made.thread],
    ['threadName', made.threadName],
    ['taskName', made.taskName],
    ['exc_text', made.exc_text],
    ['stack_info', made.stack_info],
  ];
  const kept = fields.filter(([, field]) => field !== null);
  const members = kept.map(([name, field]) => `${json(name)}:${json(field)}`);
  const used = new Set([...OTHERS, ...TIMES].filter((name) => !INTS.has(name) || kept.some(([own]) => own === name)));
  const pairs: string[] = [];
  for (const [name, extra] of made.extras) {
    if (typeof name !== 'string') {
      pairs.push(`[${json(name)},${json(extra)}]`);
      continue;
    }
    let free = name.startsWith('$') ? `$${name}` : name;
    while (used.has(free) || (free !== name && !name.startsWith('$') && made.extras.has(free))) free += '_';
    members.push(`${json(free)}:${json(extra)}`);
  }
  if (pairs.length > 0) members.push(`"$dict":[${pairs.join(',')}]`);
  return `{${members.join(',')}}`;
}

const INTS = new Set(['levelno', 'lineno', 'process', 'thread']);

/** Names that one object in the JSON has twice. */
function repeatedNames(line: string): string[] {
  const repeated: string[] = [];
  const open: (Set<string> | null)[] = [];
  for (const [token] of line.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.endsWith(':')) {
      const names = open.at(-1) as Set<string>;
      if (names.has(token)) repeated.push(token);
      names.add(token);
    }
  }
  return repeated;
}

const RUNS = 400;

test('every profile makes one line of valid JSON of it, in which no object has a name twice', () => {
  checkProperty(
    fc.property(record, fc.constantFrom(...jsonProfiles), (made, profile) => {
      const line = new JsonFormatter({ profile }).format(made);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(repeatedNames(line)).toEqual([]);
      expect(Object.keys(JSON.parse(line) as object).length).toBeGreaterThan(0);
    }),
    { numRuns: RUNS },
  );
});

test('python’s names and values are those of the model', () => {
  checkProperty(
    fc.property(record, (made) => {
      let message: string;
      try {
        message = made.getMessage();
      } catch {
        message = typeof made.msg === 'string' ? made.msg : json(made.msg);
      }
      expect(new JsonFormatter().format(made)).toBe(modelOf(made, message));
    }),
    { numRuns: RUNS },
  );
});

test('the other profiles keep every extra, under its name or the next that is free', () => {
  checkProperty(
    fc.property(dict, fc.constantFrom('pino' as const, 'ecs' as const), (entries, profile) => {
      const made = makeLogRecord(entries);
      const line = new JsonFormatter({ profile }).format(made);
      const names = Object.keys(JSON.parse(line) as object);
      for (const [name, extra] of made.extras) {
        if (typeof name !== 'string') continue;
        const shown = name.startsWith('$') ? `$${name}` : name;
        expect(
          names.some((own) => own === shown || (own.startsWith(shown) && /^_+$/.test(own.slice(shown.length)))),
        ).toBe(true);
        expect(line).toContain(`":${json(extra)}`);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a small room changes values, never the form', () => {
  checkProperty(
    fc.property(record, fc.constantFrom(...jsonProfiles), fc.nat(2000), (made, profile, maxLength) => {
      const line = new JsonFormatter({ profile, maxLength }).format(made);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(repeatedNames(line)).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});
