// The life of a server by itself: what is done, and in which order, whatever is called.

import { expect, test } from 'vitest';
import { Lifecycle } from '../../src/net/lifecycle.ts';
import { boundAddress } from '../../src/net/listen/bound-address.ts';

const address = boundAddress('tcp', '127.0.0.1', 9020);

/** A life whose steps note that they began and ended; binding fails with `failure`, if there is one. */
function noted(failure?: Error) {
  const steps: string[] = [];
  const step = async (name: string): Promise<void> => {
    steps.push(name);
    await new Promise((resolve) => setImmediate(resolve));
    steps.push(`/${name}`);
  };
  const life = new Lifecycle({
    bind: async () => {
      await step('bind');
      if (failure !== undefined) throw failure;
      return address;
    },
    readUntilIdle: (idle, deadline) => {
      steps.push(`idle ${idle}, ${Math.round(deadline - performance.now())} left`);
      return step('read');
    },
    release: () => step('release'),
  });
  return { life, steps };
}

const BOUND = ['bind', '/bind'];
const READ = ['idle 200, 10000 left', 'read', '/read'];
const RELEASED = ['release', '/release'];

test('each part is done once, however often it is asked for', async () => {
  const { life, steps } = noted();
  expect(life.listen()).toBe(life.listen());
  await expect(life.listen()).resolves.toBe(address);
  expect(life.drain()).toBe(life.drain({ idle: 1 }));
  await life.drain();
  expect(life.close()).toBe(life.close());
  await life.close();
  expect(steps).toEqual([...BOUND, ...READ, ...RELEASED]);
});

test('a drain and a close wait for a listen that is under way', async () => {
  const { life, steps } = noted();
  void life.listen();
  await life.drain({ idle: 5, limit: 0 });
  expect(steps.filter((step) => !step.startsWith('idle'))).toEqual([...BOUND, 'read', '/read', ...RELEASED]);
  const other = noted();
  void other.life.listen();
  await other.life.close();
  expect(other.steps).toEqual([...BOUND, ...RELEASED]);
});

test('a listen that fails releases what was bound, then rejects; what comes after is done all the same', async () => {
  const failure = new Error('in use');
  const { life, steps } = noted(failure);
  await expect(life.listen()).rejects.toBe(failure);
  expect(steps).toEqual([...BOUND, ...RELEASED]);
  await expect(life.drain()).resolves.toBeUndefined();
  await expect(life.listen()).rejects.toBe(failure);
});

test.each(['drain', 'close'] as const)('after a %s it does not listen any more', async (end) => {
  const { life, steps } = noted();
  await life[end]();
  await expect(life.listen()).rejects.toThrow('a server that was closed stays closed');
  expect(steps.slice(-2)).toEqual(['release', '/release']);
  expect(steps).not.toContain('bind');
});

test('a close during a drain releases at once, and both resolve', async () => {
  const { life, steps } = noted();
  await life.listen();
  const drained = life.drain();
  await Promise.resolve();
  await life.close();
  expect(steps.indexOf('release')).toBeLessThan(steps.indexOf('/release'));
  await expect(drained).resolves.toBeUndefined();
  expect(steps.filter((step) => step === 'release')).toHaveLength(1);
});
