// `picklewire serve` in a terminal: the level's name is coloured, columns align, and Ctrl-C ends it.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { pickleRecord } from '../record/pickles.ts';
import { sendTo } from './clients.ts';
import { builtPackage, Running, type StartOptions, scratchFolder } from './command.ts';

const folder = builtPackage();

// Python's pty module makes a pseudo-terminal, and passes on what is typed; Node has nothing like it.
const PTY = 'import pty, sys; pty.spawn(sys.argv[1:])';
const noTerminal = spawnSync('python3', ['-c', 'import pty; pty.openpty()']).status !== 0;
if (noTerminal) process.stderr.write('skipped: the tests in a terminal need python3 with its pty module\n');

const LEVELS = [
  ['DEBUG', 10, '36'],
  ['INFO', 20, '32'],
  ['NOTICE', 25, '32'],
  ['WARNING', 30, '33'],
  ['ERROR', 40, '31'],
  ['CRITICAL', 50, '1;31'],
  ['TRACE', 5, '90'],
] as const;

/** What a terminal shows of these records and one more, between the lines of the program itself. */
async function shownOf(
  payloads: readonly Uint8Array[],
  args: readonly string[],
  env: StartOptions['env'] = {},
): Promise<string> {
  const main = `${folder}/dist/cli/main.js`;
  const command = ['-c', PTY, process.execPath, main, 'serve', '--port', '0', ...args];
  const running = new Running('python3', command, { env: { TERM: 'xterm-256color', ...env } });
  await sendTo(await running.port(), ...payloads, pickleRecord('the last', { user: '', levelnames: '', thread: 8 }));
  await running.printed(/the last/);
  running.child.stdin?.write('\x03');
  await running.printed(new RegExp(`${payloads.length + 1} records from 1 connection`));
  expect((await running.ended).code).toBe(0);
  // The terminal itself puts a carriage return before each line feed.
  const lines = running.stdout.replaceAll('\r\n', '\n').split(/(?<=\n)/);
  const last = lines.findIndex((line) => line.includes('the last'));
  return lines.slice(1, last).join('');
}

/** The lines that a terminal shows for one record of each level. */
async function shown(args: readonly string[], env: StartOptions['env'] = {}): Promise<string[]> {
  const payloads = LEVELS.map(([levelname, levelno]) => pickleRecord('m', { levelname, levelno }));
  return (await shownOf(payloads, args, env)).split('\n').slice(0, -1);
}

describe.skipIf(noTerminal)('in a terminal', () => {
  test('the level name, and nothing else, has the colour of its level, and columns align', async () => {
    const lines = await shown([]);
    expect(lines).toEqual(
      LEVELS.map(([name, , code]) => `   59 app             \x1b[${code}m${name.padEnd(8)}\x1b[0m m`),
    );
    expect(new Set(lines.map((line) => stripVTControlCharacters(line).indexOf(' m')))).toEqual(new Set([30]));
  });

  test('every place of the level name in the format is coloured, but not where %% makes it plain text', async () => {
    const [line] = await shown(['--format', '%(levelname).1s %%(levelname)s %(levelname)s %(message)s']);
    expect(line).toBe('\x1b[36mD\x1b[0m %(levelname)s \x1b[36mDEBUG\x1b[0m m');
  });

  test.each([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a terminal that cannot show it', { TERM: 'dumb' }],
  ])('%s turns colour off', async (_, env) => {
    const lines = await shown([], env);
    expect(lines).toEqual(LEVELS.map(([name]) => `   59 app             ${name.padEnd(8)} m`));
  });

  test('an empty NO_COLOR does not', async () => {
    const [line] = await shown([], { NO_COLOR: '' });
    expect(line).toContain('\x1b[36m');
  });

  test.each([
    ['{', ['--style', '{']],
    [
      '{, in the spec too',
      ['--style', '{', '--format', '{relativeCreated:5.0f} {name:<{thread}} {levelname!s:<{thread}} {message}'],
    ],
  ])('in style %s the level name has its colour as well', async (_, args) => {
    const payload = pickleRecord('m', { thread: 8 });
    const [line] = (await shownOf([payload], args)).split('\n');
    expect(stripVTControlCharacters(line as string)).toMatch(/^ {3}59 app +INFO {5}m$/);
    expect(line).toContain('\x1b[32mINFO    \x1b[0m m');
  });

  test('and in style $', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what a field of the style looks like
    const format = '$$levelname $levelname ${levelname}$levelnames $message';
    const payload = pickleRecord('m', { levelnames: 's' });
    expect(await shownOf([payload], ['--style', '$', '--format', format])).toBe(
      '$levelname \x1b[32mINFO\x1b[0m \x1b[32mINFO\x1b[0ms m\n',
    );
  });
});

describe.skipIf(noTerminal)('what a terminal may act on', () => {
  const CONTROLS = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).filter((c) =>
    /\p{Cc}/u.test(c),
  );
  const all = CONTROLS.join('');
  const hostile = pickleRecord(`m${all}`, {
    name: `n${all}`,
    levelname: `L${all}`,
    user: `u${all}`,
    exc_text: `Traceback${all}`,
    stack_info: `Stack${all}`,
  });
  const format = ['--format', '%(name)s %(levelname)s %(user)s %(message)s'];
  const escaped = CONTROLS.map((control) => {
    if (control === '\r') return '\\r';
    return /[\t\n]/.test(control) ? control : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }).join('');
  const inFull = (text: string, before = '', after = ''): string =>
    `n${text} ${before}L${text}${after} u${text} m${text}\nTraceback${text}\nStack${text}\n`;

  test('of 65 control characters in every field only tabs and line feeds come through, and our own colour', async () => {
    expect(await shownOf([hostile], format)).toBe(inFull(escaped, '\x1b[32m', '\x1b[0m'));
  });

  test('the same without colour', async () => {
    expect(await shownOf([hostile], format, { NO_COLOR: '1' })).toBe(inFull(escaped));
  });

  test('--escape keeps each record on its line, and the colour', async () => {
    const text = escaped.replaceAll('\n', '\\n');
    expect(await shownOf([hostile], [...format, '--escape'])).toBe(
      `${inFull(text, '\x1b[32m', '\x1b[0m').trimEnd().replaceAll('\n', '\\n')}\n`,
    );
  });

  test('--raw gives it to the terminal', async () => {
    const line = pickleRecord('\x1b[5mblink\x1b[0m \x07\x9b', { levelname: '\x1b[1mL' });
    expect(await shownOf([line], ['--raw', '--format', '%(levelname)s %(message)s'])).toBe(
      '\x1b[32m\x1b[1mL\x1b[0m \x1b[5mblink\x1b[0m \x07\x9b\n',
    );
  });

  test('JSON has none of it, and no colour', async () => {
    const shown = await shownOf([hostile], ['--json=pino']);
    expect(shown.replace(/\n$/, '')).not.toMatch(/\p{Cc}/u);
    expect(JSON.parse(shown)).toMatchObject({ msg: `m${all}`, name: `n${all}` });
  });

  test.each(['ext://sys.stdout', 'ext://sys.stderr'])(
    'is escaped on its way to %s of a configuration',
    async (stream) => {
      const config = join(scratchFolder(), 'log.json');
      const formatters = { plain: { format: format[1] } };
      const handlers = { screen: { class: 'logging.StreamHandler', stream, formatter: 'plain' } };
      const root = { handlers: ['screen'] };
      writeFileSync(config, JSON.stringify({ version: 1, formatters, handlers, root }));
      expect(await shownOf([hostile], ['--config', config])).toBe(inFull(escaped));
    },
  );

  test('is escaped where a record finds no handler, too', async () => {
    const config = join(scratchFolder(), 'log.yaml');
    const handlers = '{h: {class: logging.StreamHandler}}';
    writeFileSync(config, `{version: 1, handlers: ${handlers}, loggers: {app: {handlers: [h]}}}`);
    const warning = pickleRecord(`m${all}`, { name: 'other', levelno: 30 });
    expect(await shownOf([warning], ['--config', config])).toBe(`m${escaped}\n`);
  });
});
