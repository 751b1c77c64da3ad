import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AllowList, plainAddress } from '../../src/net/access/allow-list.ts';
import { EndpointError } from '../../src/net/index.ts';
import { checkProperty } from '../properties/check.ts';

describe('a list', () => {
  test.each([
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255', '::ffff:10.1.2.3'], ['9.255.255.255', '11.0.0.0', '::a01:203']],
    ['10.1.2.3/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0']],
    ['10.0.0.5', ['10.0.0.5', '::ffff:a00:5'], ['10.0.0.4', '10.0.0.6']],
    ['10.0.0.4/31', ['10.0.0.4', '10.0.0.5'], ['10.0.0.3', '10.0.0.6']],
    ['0.0.0.0/0', ['1.2.3.4', '255.255.255.255', '::ffff:1.2.3.4'], ['::1', 'fd00::1']],
    ['fd00::/8', ['fd00::', 'fdff::1', 'FD12::34'], ['fc00::1', 'fe00::', '10.0.0.1']],
    ['fe80::1', ['fe80::1', 'fe80::1%eth0'], ['fe80::2%eth0']],
    ['::/0', ['::1', 'fd00::1'], []],
    ['::ffff:10.0.0.0/104', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.0']],
    ['::ffff:10.0.0.5', ['10.0.0.5'], ['10.0.0.6']],
  ])('of %s has those within and nobody else', (entry, within, without) => {
    const list = new AllowList([entry]);
    expect(within.filter((address) => !list.has(address))).toEqual([]);
    expect(without.filter((address) => list.has(address))).toEqual([]);
  });

  test('of several has those of each', () => {
    const list = new AllowList(['10.0.0.1', 'fd00::/16', '192.0.2.0/24']);
    expect(['10.0.0.1', 'fd00::9', '192.0.2.77'].every((address) => list.has(address))).toBe(true);
    expect(['10.0.0.2', 'fd01::', '192.0.3.1'].some((address) => list.has(address))).toBe(false);
  });

  test('of nobody has nobody', () => {
    expect(['127.0.0.1', '::1'].some((address) => new AllowList([]).has(address))).toBe(false);
  });

  test.each([
    '',
    'host',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '::/129',
    '::1%lo',
    '[::1]',
    '10.0.0.0/08x',
  ])('of %j is an error of one line', (entry) => {
    expect(() => new AllowList([entry])).toThrow(EndpointError);
    expect(() => new AllowList([entry])).toThrow(/^[^\n]+$/);
  });
});

test('an IPv4 address that IPv6 wrote is its own plain self, and the rest stay as they are', () => {
  checkProperty(
    fc.property(fc.ipV4(), (address) => {
      expect(plainAddress(`::ffff:${address}`)).toBe(address);
      expect(plainAddress(address)).toBe(address);
    }),
  );
  for (const address of ['::1', 'fe80::1%eth0', '::ffff:0:1.2.3.4']) expect(plainAddress(address)).toBe(address);
});
