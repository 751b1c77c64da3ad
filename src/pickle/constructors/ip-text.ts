// The canonical text of IP addresses (RFC 791, RFC 5952), from the int or the text that a pickle gives.

import { isInt, refuse } from './check.ts';

/** An address as its four groups of 8 bits or its eight of 16, and the scope that an IPv6 address may have. */
export interface IPAddress {
  readonly groups: readonly number[];
  readonly groupBits: 8 | 16;
  readonly scope: string | null;
}

/** An address from an int, or from text in any form. */
export function parseIP(version: 4 | 6, value: unknown): IPAddress {
  if (version === 4) return { groups: octets(value), groupBits: 8, scope: null };
  if (typeof value !== 'string') return { groups: groupsOfInt(value), groupBits: 16, scope: null };
  const [address = '', scope = null] = value.split('%');
  if (scope === '' || value.split('%').length > 2) refuse('an IPv6 address with no scope');
  return { groups: parseIPv6(address), groupBits: 16, scope };
}

/** Dotted decimals, or the shortest form of an IPv6 address and its scope. */
export function ipText({ groups, groupBits, scope }: IPAddress): string {
  if (groupBits === 8) return groups.join('.');
  return compress(groups) + (scope === null ? '' : `%${scope}`);
}

function octets(value: unknown): number[] {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) return octetsOfInt(value);
  const texts = typeof value === 'string' ? value.split('.') : [];
  const valid = texts.length === 4 && texts.every((text) => /^(?:0|[1-9]\d{0,2})$/.test(text) && Number(text) < 256);
  return valid ? texts.map(Number) : refuse('an IPv4 address that is none');
}

function octetsOfInt(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256);
}

function groupsOfInt(value: unknown): number[] {
  if (!isInt(value)) refuse('an IPv6 address that is none');
  if (value < 0 || value >= 1n << 128n) refuse('an IPv6 address of more than 128 bits');
  const hex = BigInt(value).toString(16).padStart(32, '0');
  return (hex.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16));
}

/** The eight groups of an address in any of its textual forms. */
function parseIPv6(text: string): number[] {
  if (text.length > 45) refuse('an IPv6 address that is none');
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  const whole = dotted?.[2]?.includes('.') ? `${dotted[1]}${groupsOfIPv4(dotted[2])}` : text;
  const sides = whole.split('::');
  if (sides.length > 2) refuse('an IPv6 address that is none');
  const [head = [], tail] = sides.map((side) => (side === '' ? [] : side.split(':').map(group)));
  if (tail === undefined) return head.length === 8 ? head : refuse('an IPv6 address that is none');
  const gap = 8 - head.length - tail.length;
  if (gap < 1) refuse('an IPv6 address that is none');
  return [...head, ...new Array<number>(gap).fill(0), ...tail];
}

function group(text: string): number {
  return /^[0-9a-fA-F]{1,4}$/.test(text) ? Number.parseInt(text, 16) : refuse('an IPv6 address that is none');
}

function groupsOfIPv4(text: string): string {
  const [a, b, c, d] = octets(text) as [number, number, number, number];
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** The longest run of two or more zero groups, the first of equals, becomes `::`; a mapped IPv4 address shows as one. */
function compress(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6);
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${octetsOfInt(high * 65_536 + low).join('.')}`;
  }
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; ) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
    start += length + 1;
  }
  const hex = groups.map((value) => value.toString(16));
  if (best.start < 0) return hex.join(':');
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`;
}
