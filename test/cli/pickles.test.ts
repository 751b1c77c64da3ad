// `decode`, `dis` and `scan` as a user runs them.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { fixturesFolder } from '../fixtures.ts';
import { frames, latin1 } from '../net/frames.ts';
import { builtPackage, scratchFolder } from './command.ts';

const main = join(builtPackage(), 'dist/cli/main.js');
let folder: string;

/** An int, then a call of `os.system`, then what is cut off. */
const SOUND = latin1('\x80\x04K\x01.');
const HOSTILE = latin1("cos\nsystem\n(S'id'\ntR.");
const BROKEN = latin1('\x80\x04X\xff\x00\x00\x00abc');
const FRAMES = fileURLToPath(new URL('records/py3.13/frames.bin', fixturesFolder));

beforeEach(() => {
  folder = scratchFolder();
});

function run(args: readonly string[], input?: Uint8Array): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { input, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, ...parts: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe('decode', () => {
  test('prints the repr of every pickle in a file', () => {
    expect(run(['decode', file('two.pkl', SOUND, HOSTILE)])).toEqual({
      code: 0,
      out: "1\n<os.system args=('id',)>\n",
      err: '',
    });
  });

  test('--json prints one value to a line', () => {
    const { code, out } = run([
      'decode',
      '--json',
      file('json.pkl', SOUND, latin1('}q\x00X\x01\x00\x00\x00aG?\xf0\x00\x00\x00\x00\x00\x00s.')),
    ]);
    expect(code).toBe(0);
    expect(out).toBe('1\n{"a":1.0}\n');
  });

  test('--globals reject refuses what is not on the allow-list, after what came before it', () => {
    const { code, out, err } = run(['decode', '--globals', 'reject', file('hostile.pkl', SOUND, HOSTILE)]);
    expect(code).toBe(1);
    expect(out).toBe('1\n');
    expect(err).toMatch(
      /^picklewire: .*hostile\.pkl: "os\.system" is not allowed at byte 5 \(GLOBAL\) \[ERR_PICKLE_FORBIDDEN_GLOBAL\]\n$/,
    );
  });

  test.each([[['-']], [[]]])('reads standard input for %j', (files) => {
    expect(run(['decode', ...files], SOUND)).toEqual({ code: 0, out: '1\n', err: '' });
  });

  test('a broken file is one line and exit code 1, and the files after it are read', () => {
    const { code, out, err } = run(['decode', file('broken.pkl', SOUND, BROKEN), file('sound.pkl', SOUND)]);
    expect(code).toBe(1);
    expect(out).toBe('1\n1\n');
    expect(err).toMatch(/^picklewire: .*broken\.pkl: .* at byte 7 \(BINUNICODE\) \[ERR_PICKLE_TRUNCATED\]\n$/);
  });

  test('--frames reads a capture, where a bad frame costs only itself', () => {
    const capture = file('capture.bin', frames(SOUND, BROKEN, SOUND));
    const { code, out, err } = run(['decode', '--frames', capture]);
    expect(code).toBe(1);
    expect(out).toBe('1\n1\n');
    expect(err).toMatch(/capture\.bin: the frame at byte 13: .*\n$/);
    expect(run(['decode', '--frames', FRAMES]).out.split('\n').length).toBeGreaterThan(500);
  });

  test('a capture that ends inside a frame, or is none, is an error after the frames before it', () => {
    expect(run(['decode', '--frames', file('cut.bin', frames(SOUND), latin1('\0\0\0\x05ab'))])).toMatchObject({
      code: 1,
      out: '1\n',
    });
    const { code, err } = run(['decode', '--frames', file('none.bin', latin1('GET / HTTP/1.1\r\n\r\n'))]);
    expect(code).toBe(1);
    expect(err).toContain('HTTP');
  });
});

describe('dis', () => {
  test('prints the first pickle as pickletools does', () => {
    expect(run(['dis', file('dis.pkl', SOUND, HOSTILE)]).out).toBe(
      '    0: \\x80 PROTO      4\n    2: K    BININT1    1\n    4: .    STOP\nhighest protocol among opcodes = 2\n',
    );
  });

  test('--all goes on with the pickles after it', () => {
    const { code, out } = run(['dis', '--all', file('all.pkl', SOUND, HOSTILE)]);
    expect(code).toBe(0);
    expect(out).toContain("    5: c    GLOBAL     'os system'\n");
    expect(out.match(/highest protocol/g)).toHaveLength(2);
  });

  test('--frames prints the pickle of each frame', () => {
    expect(run(['dis', '--frames', file('dis.bin', frames(SOUND, SOUND))]).out.match(/STOP/g)).toHaveLength(2);
  });

  test('a broken pickle prints what there is, then one line, and exits 1', () => {
    const { code, out, err } = run(['dis', file('half.pkl', BROKEN)]);
    expect(code).toBe(1);
    expect(out).toContain('PROTO');
    expect(err.split('\n')).toHaveLength(2);
  });
});

describe('scan', () => {
  test('names a forbidden global with its offset and arguments, and exits 1', () => {
    const path = file('scan.pkl', SOUND, HOSTILE);
    expect(run(['scan', path])).toEqual({
      code: 1,
      out: `${path}:5: NOT ALLOWED os.system called with ('id',) [GLOBAL]\n${path}: whole pickles: 2; globals: 1; not allowed: 1\n`,
      err: '',
    });
  });

  test('exits 0 where there is nothing to find', () => {
    expect(run(['scan', file('clean.pkl', SOUND)])).toMatchObject({ code: 0, err: '' });
  });

  test('a broken pickle is a finding', () => {
    const { code, out } = run(['scan', file('cut.pkl', BROKEN)]);
    expect(code).toBe(1);
    expect(out).toContain('broken: ');
  });

  test('--json prints one report to a line', () => {
    const { code, out } = run(['scan', '--json', file('report.pkl', HOSTILE)]);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ pickles: 1, globals: [{ module: 'os', name: 'system', called: true }] });
  });

  test('--frames counts offsets from the beginning of the capture', () => {
    const { out } = run(['scan', '--frames', file('scan.bin', frames(SOUND, HOSTILE))]);
    expect(out).toContain('scan.bin:13: NOT ALLOWED os.system');
  });
});

test.each(['decode', 'dis', 'scan'])('%s of a file that is not there is one line and exit code 1', (command) => {
  const { code, out, err } = run([command, join(folder, 'missing')]);
  expect(code).toBe(1);
  expect(out).not.toContain('Error');
  expect(err).toMatch(/^picklewire: .*missing: ENOENT.*\n$/);
});

test('an option that does not exist is wrong usage', () => {
  expect(run(['decode', '--bogus']).code).toBe(2);
});

test('a reader that has seen enough ends the program quietly', () => {
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', `"$0" "$1" decode --frames "$2" | head -n 1`, process.execPath, main, FRAMES],
    {
      encoding: 'utf8',
    },
  );
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('');
});
