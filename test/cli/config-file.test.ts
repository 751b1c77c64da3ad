// The file of a configuration: JSON, YAML and ini are one document; what is wrong has its line or its path.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandFailure } from '../../src/cli/command-failure.ts';
import { readConfigFile } from '../../src/cli/settings/config-file.ts';
import { scratchFolder } from './command.ts';

/** What a file of this name and text makes. */
function read(name: string, text: string): ReturnType<typeof readConfigFile> {
  const path = join(scratchFolder(), name);
  writeFileSync(path, text);
  return readConfigFile(path);
}

/** What is wrong with a file of this name and text; the file's name is cut off. */
function reasonOf(name: string, text: string): string {
  try {
    read(name, text);
  } catch (error) {
    expect(error).toBeInstanceOf(CommandFailure);
    const [file, reason] = (error as Error).message.split(`${name}: `);
    expect(file).not.toContain('\n');
    return reason as string;
  }
  throw new Error('it can be used');
}

const JSON_TEXT = '{"version": 1, "handlers": {"h": {"class": "logging.NullHandler", "level": "INFO"}}}';
const YAML_TEXT = 'version: 1\nhandlers:\n  h: {class: logging.NullHandler, level: INFO}\n';
const INI_TEXT =
  '[loggers]\nkeys=root\n[handlers]\nkeys=h\n[formatters]\nkeys=\n[logger_root]\nhandlers=\n' +
  '[handler_h]\nclass=NullHandler\nlevel=INFO\nargs=()\n';

describe('the kind of a file', () => {
  test.each([
    ['log.json', JSON_TEXT],
    ['LOG.JSON', JSON_TEXT],
    ['log.yaml', YAML_TEXT],
    ['log.yml', YAML_TEXT],
    ['log.yaml', JSON_TEXT],
    ['log.ini', INI_TEXT],
    ['log.cfg', INI_TEXT],
    ['log.conf', INI_TEXT],
    ['log', `\n  ${JSON_TEXT}`],
    ['log', `# a comment\n${YAML_TEXT}`],
    ['log.txt', `; a comment\n\n# [another]\n${INI_TEXT}`],
  ])('%s is what its name says, or else how it begins', (name, text) => {
    const { plan } = read(name, text);
    expect(plan.descriptions).toMatchObject([{ name: 'h', className: 'logging.NullHandler', level: 20 }]);
  });
});

describe('YAML', () => {
  /** The value of `x` in a document. */
  function valueIn(yaml: string): unknown {
    return (read('log.yaml', `version: 1\n${yaml}`).document.root as { x: unknown }).x;
  }

  test.each([
    ['yes', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['True', true],
    ['false', false],
    ['y', 'y'],
    ['n', 'n'],
    ['Y', 'Y'],
    ['N', 'N'],
    ['~', null],
    ['', null],
    ['0o17', '0o17'],
    ['017', 15],
    ['0x1f', 31],
    ['1_000', 1000],
    ['-0x1F', -31],
    ['0b101', 5],
    ['08', '08'],
    ['1:30', 90],
    ['1:30:00', 5400],
    ['02:30', '02:30'],
    ['"1:30"', '1:30'],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1.', 1],
    ['1.5e+3', 1500],
    ['1.5e3', '1.5e3'],
    ['1e3', '1e3'],
    ['.', '.'],
    ['-.inf', -Infinity],
    ['.Inf', Infinity],
    ["'%(message)s'", '%(message)s'],
    ['ext://sys.stdout', 'ext://sys.stdout'],
  ])('x: %s is %j, as PyYAML reads it', (text, value) => {
    expect(valueIn(`x: ${text}\n`)).toBe(value);
  });

  test('merge keys take in other mappings, whose keys one’s own replace', () => {
    const yaml = 'one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nx:\n  <<: [*one, *two]\n  c: 3\n';
    expect(valueIn(yaml)).toEqual({ a: 1, b: 1, c: 3 });
  });

  test('__proto__ is a key like any other', () => {
    expect(Object.keys(valueIn('x: {__proto__: {version: 2}}\n') as object)).toEqual(['__proto__']);
  });

  test.each([
    ['x: [1\ny: 2\n', /line 3/],
    ['x: 1\nx: 2\n', /unique.*line 3/],
    ['x: *nowhere\n', /nowhere/],
    ['x: %(message)s\n', /line 2/],
    ['---\nx: 1\n', /documents.*line 2/],
    ['x: !!python/object/apply:os.system [ls]\n', /python.*line 2/],
    ['x: !mine 3\n', /!mine.*line 2/],
  ])('%j is refused, in one line that says where', (yaml, reason) => {
    const text = reasonOf('log.yaml', `version: 1\n${yaml}`);
    expect(text).toMatch(reason);
    expect(text).not.toContain('\n');
  });

  test('aliases of aliases do not make a small file a large document', () => {
    const lines = Array.from({ length: 30 }, (_, n) => {
      const item = n === 0 ? 'x' : `*a${n - 1}`;
      return `a${n}: &a${n} [${Array(9).fill(item).join(', ')}]\n`;
    });
    expect(reasonOf('log.yaml', `version: 1\n${lines.join('')}`)).toMatch(/alias/i);
  });
});

describe('JSON', () => {
  test.each([
    ['', 1],
    ['{', 1],
    ['{\n"version": 1,\n}', 3],
    ['{\n"version": 1\n"handlers": {}}', 3],
    ['{\n"version":\n}', 3],
    ['{\n"a":\n[1, 2, , 3]}', 3],
    ['{\n\n"a": tru, "b": "…"}', 3],
    ['{\n"a": "x\n"}', 2],
    ["{\n'a': 1}", 2],
    ['{"version": 1}\n\n{}', 3],
    [`{\n"a": "${'x'.repeat(500)}",\n"b": nothing}`, 3],
    [`{\n"version": 1,\n"b": "never ends\n`, 3],
  ])('%j is refused, and its line named', (text, line) => {
    const reason = reasonOf('log.json', text);
    expect(reason).toMatch(new RegExp(`^line ${line}: \\S`));
    expect(reason).not.toMatch(/[\n…]|position|JSON at|xxx/);
  });

  test('a beginning that is cut off anywhere is refused, and never named beyond its end', () => {
    const whole = '{"version": 1,\n"a": [true, null, -1.5e3, "\\u00e9\\n"],\n"b": {}}';
    for (let end = 1; end < whole.length; end++) {
      const [, line] = /^line (\d+): /.exec(reasonOf('log.json', whole.slice(0, end))) ?? [];
      expect([end, Number(line)]).toEqual([end, whole.slice(0, end).split('\n').length]);
    }
  });
});

test.each([
  ['log.ini', INI_TEXT.replace('args=()', 'args=(open("x"),)'), '[handler_h] args: open is not known'],
  ['log.ini', `${INI_TEXT}\nno option`, 'line '],
  ['log.ini', '', '[loggers]: there is no such section'],
  ['log.json', '[]', 'must be a mapping, not a list'],
  ['log.yaml', '', 'must be a mapping, not null'],
  ['log.yaml', 'version: 1\nroot: {handlers: [h]}\n', 'root.handlers[0]: there is no handler "h"'],
  ['log.yaml', 'version: 1\nincremental: yes\nhandlers: {h: {level: 10}}\n', 'handlers.h: there is no handler of this'],
])('%s with %j is refused, and the reason begins with the place', (name, text, start) => {
  const reason = reasonOf(name, text);
  expect(reason.slice(0, start.length)).toBe(start);
});

test('the example of the documentation can be used', () => {
  const text = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const [, yaml = ''] = /^```yaml\n(.*?)^```$/ms.exec(text) ?? [];
  const { plan } = read('log.yaml', yaml);
  expect([plan.descriptions.length, plan.loggers.length, plan.ignored]).toEqual([2, 2, []]);
});

test('a file that cannot be read is refused, with the reason of the system', () => {
  expect(() => readConfigFile('no/such/file')).toThrow(/ENOENT.*no\/such\/file/);
});
