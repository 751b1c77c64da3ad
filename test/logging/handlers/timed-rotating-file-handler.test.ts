// TimedRotatingFileHandler: which record goes to which file, what files are called, and which are removed.

import { existsSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  TimedRotatingFileHandler,
  type TimedRotatingFileHandlerOptions,
} from '../../../src/logging/handlers/timed-rotating-file-handler.ts';
import { readLines, zoneOf } from '../data/rotation.ts';
import { record, useScratch } from './scratch.ts';

const scratch = useScratch();

const HOUR = 3600;
const DAY = 24 * HOUR;
/** 2012-03-01T00:00:00Z, a Thursday. */
const START = Date.UTC(2012, 2, 1) / 1000;

/** A handler whose clock the test moves. */
function make(options: TimedRotatingFileHandlerOptions = {}, name = 'app.log') {
  const clock = { seconds: START };
  const handler = new TimedRotatingFileHandler(scratch.path(name), { utc: true, now: () => clock.seconds, ...options });
  return {
    handler,
    async at(seconds: number, ...messages: string[]): Promise<void> {
      clock.seconds = seconds;
      for (const msg of messages) handler.handle(record(msg));
      await handler.flush();
    },
  };
}

describe('the file', () => {
  test.each([
    ['S', 1, 1, '2012-03-01_00-00-00'],
    ['M', 1, 60, '2012-03-01_00-00'],
    ['h', 1, HOUR, '2012-03-01_00'],
    ['D', 1, DAY, '2012-03-01'],
    ['midnight', 1, DAY, '2012-03-01'],
    ['W3', 1, DAY, '2012-02-24'],
    ['S', 30, 30, '2012-03-01_00-00-00'],
    ['H', 6, 6 * HOUR, '2012-03-01_00'],
  ])(
    'when %s, interval %i, begins anew after %i seconds; the former is named %s',
    async (when, interval, seconds, name) => {
      const { handler, at } = make({ when, interval });
      await at(START, 'first');
      await at(START + seconds - 0.001, 'last');
      await at(START + seconds, 'next');
      expect(scratch.files()).toEqual({ 'app.log': 'next\n', [`app.log.${name}`]: 'first\nlast\n' });
      await handler.close();
    },
  );

  test('is named after the interval that it was begun in, however late the next record is', async () => {
    const { handler, at } = make({ when: 'H' });
    await at(START, 'one');
    await at(START + 10 * HOUR + 1, 'two');
    expect(handler.rolloverAt).toBe(START + 11 * HOUR + 1);
    await at(START + 11 * HOUR + 1, 'three');
    expect(Object.keys(scratch.files())).toEqual(['app.log', 'app.log.2012-03-01_00', 'app.log.2012-03-01_10']);
    await handler.close();
  });

  test('is told apart by the times of records, not of their being written', async () => {
    const { handler, at } = make({ when: 'S' });
    void at(START, 'one');
    void at(START + 1, 'two');
    await at(START + 2, 'three');
    expect(Object.values(scratch.files())).toEqual(['three\n', 'one\n', 'two\n']);
    await handler.close();
  });

  test.each([false, true])('that is there already ends by the time of its last change (delay: %o)', async (delay) => {
    writeFileSync(scratch.path('app.log'), 'old\n');
    utimesSync(scratch.path('app.log'), START - HOUR, START - HOUR + 0.5);
    const { handler, at } = make({ when: 'H', delay });
    expect(handler.rolloverAt).toBe(START);
    await at(START, 'new');
    expect(scratch.files()).toEqual({ 'app.log': 'new\n', 'app.log.2012-02-29_23': 'old\n' });
    await handler.close();
  });

  test.each(['midnight', 'W3'])('is rolled over once by handlers that follow each other, when %s', async (when) => {
    const atTime = { hour: 12, minute: 0, second: 0 };
    const noon = START + DAY / 2;
    const run = async (changed: number, ...messages: string[]): Promise<void> => {
      for (const msg of messages) {
        if (existsSync(scratch.path('app.log'))) utimesSync(scratch.path('app.log'), changed, changed);
        const { handler, at } = make({ when, atTime, delay: true, now: () => noon });
        await at(noon, msg);
        await handler.close();
      }
    };
    await run(noon, 'one', 'two');
    utimesSync(scratch.path('app.log'), noon - 1, noon - 1);
    await run(noon - 1, 'three');
    await run(noon, 'four');
    const name = when === 'W3' ? 'app.log.2012-02-23' : 'app.log.2012-02-29';
    expect(scratch.files()).toEqual({ 'app.log': 'three\nfour\n', [name]: 'one\ntwo\n' });
  });

  test('is added to where one of the wanted name exists, and that one is left alone', async () => {
    writeFileSync(scratch.path('app.log.2012-03-01_00'), 'by another\n');
    const { handler, at } = make({ when: 'H' });
    await at(START, 'one');
    await at(START + HOUR, 'two', 'three');
    expect(scratch.files()).toEqual({ 'app.log': 'one\ntwo\nthree\n', 'app.log.2012-03-01_00': 'by another\n' });
    await handler.close();
  });

  test('is rolled over under the name that the hour gives once daylight saving time has another', async () => {
    const apia = zoneOf((readLines('rollover.jsonl') as [Parameters<typeof zoneOf>[0]])[0], 'Pacific/Apia');
    const [before, after] = [Date.UTC(2017, 8, 20), Date.UTC(2017, 8, 25)].map((time) => time / 1000) as [
      number,
      number,
    ];
    const { handler, at } = make({
      when: 'W0',
      atTime: { hour: 23, minute: 30, second: 0 },
      utc: false,
      localtime: apia,
    });
    handler.rolloverAt = Date.UTC(2017, 8, 18, 10, 30) / 1000;
    writeFileSync(scratch.path('app.log.2017-09-11'), 'by another\n');
    void at(before, 'one');
    await at(after, 'two');
    expect(scratch.files()).toMatchObject({ 'app.log': 'two\n', 'app.log.2017-09-12': 'one\n' });
    await handler.close();
  });

  test('is appended to, never emptied', async () => {
    writeFileSync(scratch.path('app.log'), 'old\n');
    const handler = new TimedRotatingFileHandler(scratch.path('app.log'), { mode: 'w' } as object);
    handler.handle(record('new'));
    await handler.close();
    expect(scratch.files()).toEqual({ 'app.log': 'old\nnew\n' });
  });

  test('is left in place by a rotator that throws, and rolled over later', async () => {
    const { handler, at } = make({ when: 'H' });
    await at(START, 'one');
    handler.rotator = () => {
      throw new Error('not now');
    };
    await at(START + HOUR, 'two');
    handler.rotator = renameSync;
    await at(START + HOUR + 1, 'three');
    expect(scratch.files()).toEqual({ 'app.log': 'three\n', 'app.log.2012-03-01_00': 'one\ntwo\n' });
    expect([...handler.errors]).toEqual([['not now', 1]]);
    await handler.close();
  });

  test.runIf(existsSync('/dev/null'))('is not moved where it is no regular file', async () => {
    let seconds = START;
    const handler = new TimedRotatingFileHandler('/dev/null', {
      when: 'S',
      utc: true,
      delay: true,
      now: () => seconds,
    });
    seconds = handler.rolloverAt + 10;
    handler.handle(record('one'));
    await handler.close();
    expect([existsSync('/dev/null'), handler.rolloverAt, handler.errors.size]).toEqual([true, seconds + 1, 0]);
  });
});

describe('getFilesToDelete', () => {
  const times = Array.from({ length: 10 }, (_, n) => `2012-03-01_00-00-${String(5 * n).padStart(2, '0')}`);
  const touch = (...names: string[]): void => {
    for (const name of names) writeFileSync(scratch.path(name), '');
  };

  test('offers the oldest files of the handler, and no other handler’s', async () => {
    const infix = (name: string): string => join(dirname(name), `${basename(name).replace('.log', '')}.log`);
    const glued = (name: string): string => join(dirname(name), `g${basename(name).slice(6)}.oldlog`);
    const handlers = ['a.b', 'a.b.c', 'd.e', 'd.e.f', 'g'].map((prefix) => {
      const { handler } = make({ when: 's', interval: 5, backupCount: 7, delay: true }, `${prefix}.log`);
      if (prefix.startsWith('d.e')) handler.namer = infix;
      if (prefix === 'g') handler.namer = glued;
      return handler;
    });
    const names = handlers.map((handler) =>
      times.map((time) => basename(handler.rotationFilename(`${handler.baseFilename}.${time}`))),
    );
    touch(...names.flat());
    for (const [index, handler] of handlers.entries()) {
      const found = (await handler.getFilesToDelete()).map((path) => basename(path));
      expect(found).toEqual(names[index]?.slice(0, 3));
    }
  });

  test.each([
    ['a.log', 1],
    ['a.log.b', 2],
  ])('knows the files of %s by the whole of their names', async (name, backupCount) => {
    touch(...times.flatMap((time) => [`a.log.${time}`, `a.log.b.${time}`, `a.log.${time}.c`, `a.log.1${time}`]));
    const { handler } = make({ when: 's', interval: 5, backupCount, delay: true }, name);
    const expected = times.slice(0, 10 - backupCount).map((time) => scratch.path(`${name}.${time}`));
    expect(await handler.getFilesToDelete()).toEqual(expected);
  });

  test('finds the time in a name that has something like it before', async () => {
    const { handler } = make({ when: 'D', backupCount: 0, delay: true }, '2000-01-01.log');
    handler.namer = (name) => name.replace('.log.', '-');
    touch('2000-01-01-2012-03-01', '2000-01-01-2012-03-1', '12012-03-01');
    expect(await handler.getFilesToDelete()).toEqual([scratch.path('2000-01-01-2012-03-01')]);
  });

  test('offers none while there are no more than backupCount', async () => {
    touch(...times.slice(0, 3).map((time) => `app.log.${time}`));
    for (const backupCount of [3, 4]) {
      expect(await make({ when: 'S', backupCount, delay: true }).handler.getFilesToDelete()).toEqual([]);
    }
  });

  test('is what a rollover removes', async () => {
    const { handler, at } = make({ when: 'H', backupCount: 2 });
    for (let hour = 0; hour < 6; hour++) await at(START + hour * HOUR, `${hour}`);
    expect(scratch.files()).toEqual({
      'app.log': '5\n',
      'app.log.2012-03-01_03': '3\n',
      'app.log.2012-03-01_04': '4\n',
    });
    await handler.close();
  });

  test('an error of which is reported, and costs no record', async () => {
    const { handler, at } = make({ when: 'H', backupCount: 1 });
    vi.spyOn(handler, 'getFilesToDelete').mockRejectedValue(new Error('unreadable'));
    for (let hour = 0; hour < 3; hour++) await at(START + hour * HOUR, `${hour}`);
    expect(readdirSync(scratch.path()).length).toBe(3);
    expect([...handler.errors]).toEqual([['unreadable', 2]]);
    await handler.close();
  });
});
