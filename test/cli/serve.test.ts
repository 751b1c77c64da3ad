// `picklewire serve` as its user sees it: the listening line, the lines of records, and what each flag does.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { frames } from '../net/frames.ts';
import { opcodes, pickleRecord } from '../record/pickles.ts';
import { sendBytesTo, sendTo } from './clients.ts';
import { builtPackage, picklewire, type Running, type StartOptions, scratchFolder } from './command.ts';

const folder = builtPackage();

function serve(args: readonly string[] = [], options?: StartOptions): Running {
  return picklewire(folder, ['serve', '--port', '0', ...args], options);
}

/** What it prints of these payloads, sent on one connection, and how it ends. */
async function served(args: readonly string[], payloads: readonly Uint8Array[]): Promise<Running> {
  const running = serve(args);
  await sendTo(await running.port(), ...payloads);
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  return running;
}

const THING = opcodes('capp\nThing\n)R');

test('prints where it listens, in one line on stderr, and nothing on stdout', async () => {
  const running = serve();
  const port = await running.port();
  expect(running.stderr).toBe(`listening on tcp://127.0.0.1:${port}\n`);
  expect(running.stdout).toBe('');
});

test('prints an IPv6 address as a URL has it', async ({ skip }) => {
  const running = serve(['--host', '::1']);
  const [line] = await running.printed(/^.+$/m);
  if (/EADDRNOTAVAIL|EAFNOSUPPORT/.test(line)) skip('there is no IPv6 here');
  expect(line).toMatch(/^listening on tcp:\/\/\[::1\]:\d+$/);
});

test("prints records in the cookbook's format, each as soon as it is there", async () => {
  const running = serve();
  const port = await running.port();
  const lines: string[] = [];
  for (const [relativeCreated, name, levelname, msg] of [
    [59, 'root', 'INFO', 'Jackdaws love my big sphinx of quartz.'],
    [59, 'myapp.area1', 'DEBUG', 'Quick zephyrs blow, vexing daft Jim.'],
    [123_456.9, 'a.name.longer.than.15', 'CRITICAL', 'How quickly daft jumping zebras vex.'],
  ] as const) {
    await sendTo(port, pickleRecord(msg, { relativeCreated, name, levelname }));
    await running.printed(new RegExp(msg));
    lines.push(running.stdout.split('\n').at(-2) as string);
  }
  expect(lines).toEqual([
    '   59 root            INFO     Jackdaws love my big sphinx of quartz.',
    '   59 myapp.area1     DEBUG    Quick zephyrs blow, vexing daft Jim.',
    '123456 a.name.longer.than.15 CRITICAL How quickly daft jumping zebras vex.',
  ]);
});

test('prints no escapes where its output is no terminal, whatever the level', async () => {
  const levels = [10, 20, 30, 40, 50, 5].map((levelno) => pickleRecord('m', { levelno }));
  const { stdout, stderr } = await served([], levels);
  expect(stdout.split('\n')).toHaveLength(7);
  expect(stdout + stderr).not.toContain('\u001b');
});

test('prints tracebacks and stacks below their line', async () => {
  const { stdout } = await served(
    ['--format', '%(message)s'],
    [pickleRecord('failed', { exc_text: 'Traceback …\nValueError', stack_info: 'Stack …' }), pickleRecord('next')],
  );
  expect(stdout).toBe('failed\nTraceback …\nValueError\nStack …\nnext\n');
});

test('writes text as UTF-8, and lone surrogates as escapes', async () => {
  const { stdout } = await served(
    ['--format', '%(message)s'],
    [pickleRecord('größe 😀'), pickleRecord(opcodes('U\x04caf\xe9'))],
  );
  expect(stdout).toBe('größe 😀\ncaf\\udce9\n');
});

test('writes 100,000 records, sent in one burst, to its file: every one, in order', async () => {
  const output = join(scratchFolder(), 'burst.log');
  const messages = Array.from({ length: 100_000 }, (_, number) => `record ${number}`);
  const running = serve(['--format', '%(message)s', '--output', output]);
  await sendBytesTo(await running.port(), Buffer.concat(messages.map((msg) => frames(pickleRecord(msg)))));
  running.kill('SIGTERM');
  expect(await running.ended).toEqual({ code: 0, signal: null });
  const lines = readFileSync(output, 'utf8').split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.length).toBe(messages.length);
  expect(lines.findIndex((line, number) => line !== messages[number])).toBe(-1);
  expect(running.stderr).toContain('picklewire: 100000 records from 1 connection\n');
});

describe('flags', () => {
  test('--format names fields and extras', async () => {
    const format = '%(levelname)s|%(name)-6s|%(user)s|%(message)s';
    const { stdout } = await served(['--format', format], [pickleRecord('m', { user: 'zoë' })]);
    expect(stdout).toBe('INFO|app   |zoë|m\n');
  });

  test('--datefmt formats asctime, in local time', async () => {
    const args = ['--format', '%(asctime)s %(message)s', '--datefmt', '%d.%m.%Y %H:%M %Z'];
    const running = serve(args, { env: { TZ: 'IST-5:30' } });
    await sendTo(await running.port(), pickleRecord('m', { created: 1_700_000_000.25 }));
    await running.printed(/m\n/);
    expect(running.stdout).toBe('15.11.2023 03:43 IST m\n');
  });

  test.each([
    ['%', '   59 app             INFO     m\n'],
    ['{', '   59 app             INFO     m\n'],
    ['$', '59.25 app INFO m\n'],
  ])('--style %s without --format prints the cookbook’s', async (style, line) => {
    expect((await served(['--style', style], [pickleRecord('m')])).stdout).toBe(line);
  });

  test.each([
    ['%', '%(levelname)-8s|%(user)r|%(message)s'],
    ['{', '{levelname:<8}|{user!r}|{message}'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what a field of the style looks like
    ['$', "${levelname}    |'$user'|$message"],
  ])('--style %s reads --format in that style', async (style, format) => {
    const { stdout } = await served(['--style', style, '--format', format], [pickleRecord('m', { user: 'zoë' })]);
    expect(stdout).toBe("INFO    |'zoë'|m\n");
  });

  test.each([
    [['--json'], { levelname: 'INFO', created: 1_700_000_000.25, message: 'm\n', thing: { $object: 'app:Thing' } }],
    [['--json', 'python'], { levelno: 20, message: 'm\n', exc_text: 'Traceback …' }],
    [['--json=pino'], { level: 30, time: 1_700_000_000_250, name: 'app', msg: 'm\n', err: { stack: 'Traceback …' } }],
    [['--json=ecs'], { 'log.level': 'info', message: 'm\n', error: { stack_trace: 'Traceback …' } }],
    [['--json=otel'], { SeverityNumber: 9, Body: 'm\n', InstrumentationScope: { Name: 'app' } }],
  ])('%j writes each record as one line of JSON, in a file too', async (args, members) => {
    const output = join(scratchFolder(), 'app.jsonl');
    const payloads = [pickleRecord('m\n', { exc_text: 'Traceback …', thing: THING }), pickleRecord('next')];
    const { stdout } = await served(args, payloads);
    await served([...args, '--output', output], payloads);
    const lines = stdout.split('\n');
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] as string)).toMatchObject(members);
    expect(readFileSync(output, 'utf8')).toBe(stdout);
  });

  test('control characters go into a file or a pipe as they are, with --raw too, and as escapes with --escape', async () => {
    const payload = pickleRecord('got\x1b[2J\rit\nINFO root fine', { exc_text: 'Traceback\nValueError \x9b' });
    const output = join(scratchFolder(), 'app.log');
    const format = ['--format', '%(message)s'];
    const asIs = 'got\x1b[2J\rit\nINFO root fine\nTraceback\nValueError \x9b\n';
    expect((await served(format, [payload])).stdout).toBe(asIs);
    expect((await served([...format, '--raw'], [payload])).stdout).toBe(asIs);
    await served([...format, '--output', output], [payload]);
    expect(readFileSync(output, 'utf8')).toBe(asIs);
    const { stdout } = await served([...format, '--escape'], [payload, pickleRecord('next')]);
    expect(stdout).toBe('got\\x1b[2J\\rit\\nINFO root fine\\nTraceback\\nValueError \\x9b\nnext\n');
  });

  test('--output appends to a file, and leaves stdout empty', async () => {
    const output = join(scratchFolder(), 'app.log');
    writeFileSync(output, 'old line\n');
    const { stdout } = await served(['--output', output, '--format', '%(message)s'], [pickleRecord('new line')]);
    expect([readFileSync(output, 'utf8'), stdout]).toEqual(['old line\nnew line\n', '']);
  });

  test('--logname leaves the name in the line as it is, like the cookbook', async () => {
    const { stdout } = await served(['--logname', 'remote', '--format', '%(name)s %(message)s'], [pickleRecord('m')]);
    expect(stdout).toBe('app m\n');
  });

  test('--globals inert, the default, keeps unknown classes as data that shows their name', async () => {
    const payload = pickleRecord('m', { thing: THING });
    for (const args of [[], ['--globals', 'inert']]) {
      const { stdout, stderr } = await served(['--format', '%(thing)s %(message)s', ...args], [payload]);
      expect(stdout).toMatch(/^.*app\.Thing.* m\n$/);
      expect(stderr).not.toContain('rejected');
    }
  });

  test('--globals reject refuses, counts and names them, each name once', async () => {
    const other = opcodes('capp\nOther\n)R');
    const bad = [THING, THING, other, THING].map((thing) => pickleRecord('m', { thing }));
    const { stdout, stderr } = await served(
      ['--globals', 'reject', '--format', '%(message)s'],
      [...bad, pickleRecord('next')],
    );
    expect(stdout).toBe('next\n');
    const lines = stderr.split('\n').filter((line) => line.includes('rejected from'));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/app.*Thing.*\[ERR_PICKLE_FORBIDDEN_GLOBAL\]/);
    expect(lines[1]).toMatch(/app.*Other.*\[ERR_PICKLE_FORBIDDEN_GLOBAL\]/);
    expect(stderr).toMatch(/1 record from 1 connection, 4 rejected\n$/);
  });

  test('--allow, as often as it is given, keeps that class as data, and no other', async () => {
    const payloads = ['Thing', 'Other', 'Third'].map((name) => {
      return pickleRecord(name, { thing: opcodes(`capp\n${name}\n)R`) });
    });
    const args = ['--globals', 'reject', '--allow', 'app:Thing', '--allow', 'app:Third'];
    const { stdout } = await served([...args, '--format', '%(message)s'], payloads);
    expect(stdout).toBe('Thing\nThird\n');
  });

  test('--max-frame skips longer frames, counts them and says so once', async () => {
    const [small, large] = [pickleRecord('small'), pickleRecord('x'.repeat(500))];
    const args = ['--max-frame', `${small.length}`, '--format', '%(message)s'];
    const { stdout, stderr } = await served(args, [small, large, large, small]);
    expect(stdout).toBe('small\nsmall\n');
    expect(stderr.match(/\[ERR_FRAME_OVERSIZE\]/g)).toHaveLength(1);
    expect(stderr).toMatch(/2 records from 1 connection, 2 rejected\n$/);
  });
});

describe('what goes wrong with a frame', () => {
  test('is said once for each class that comes in place of a record, and once for all of names without end', async () => {
    const call = (name: string): Uint8Array => opcodes(`capp\n${name}\n)R.`);
    const names = ['A', 'B', 'A', 'x'.repeat(100_000), 'y'.repeat(100_000)];
    const { stderr } = await served([], names.map(call));
    const lines = stderr.split('\n').filter((line) => line.includes('rejected from'));
    expect(lines.map((line) => /app\.(.)/.exec(line)?.[1])).toEqual(['A', 'B', 'x']);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(400);
  });

  test('a command in a pickle is not run, is named once, and the next frame on its connection is printed', async () => {
    const witness = join(scratchFolder(), 'witness');
    const command = opcodes(`cos\nsystem\n(S'touch ${witness}'\ntR.`);
    const { stdout, stderr } = await served(['--format', '%(message)s'], [command, command, pickleRecord('next')]);
    expect(stdout).toBe('next\n');
    expect(stderr.match(/os\.system/g)).toHaveLength(1);
    expect(() => readFileSync(witness)).toThrow(/ENOENT/);
  });

  test('is said in one line that no terminal takes for commands', async () => {
    const { stderr } = await served([], [opcodes('V\x1b[2J\x1b]0;title\x07\x9b31m\rgone\n.')]);
    const [line, ...more] = stderr.split('\n').filter((text) => text.includes('rejected from'));
    expect(line).toMatch(/ERR_RECORD_NOT_A_DICT/);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(more).toEqual([]);
  });

  test('a peer of another protocol is told of by name, and the next client is served', async () => {
    const running = serve(['--format', '%(message)s']);
    const port = await running.port();
    await sendBytesTo(port, opcodes('GET / HTTP/1.1\r\n\r\n'));
    await running.printed(/rejected from 127\.0\.0\.1:\d+: .*HTTP.*\[ERR_FRAME_LENGTH\]/);
    await sendTo(port, pickleRecord('served'));
    await running.printed(/^served$/m);
  });

  test('a format that does not fit a record costs that record, and is said once', async () => {
    const [good, bad] = [pickleRecord('m', { user: 'zoë' }), pickleRecord('m')];
    const { stdout, stderr } = await served(['--format', '%(user)s'], [bad, good, bad]);
    expect(stdout).toBe('zoë\n');
    expect(stderr.match(/user/g)).toHaveLength(1);
  });
});
