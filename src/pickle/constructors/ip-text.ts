// The canonical text of IP addresses (RFC 791, RFC 5952), from the int or the text that a pickle gives.

import { refuse } from './check.ts';

/** An IPv4 address as dotted decimals. */
export function ipv4Text(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32) {
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  }
  const octets = typeof value === 'string' ? value.split('.') : [];
  const valid =
    octets.length === 4 && octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256);
  return valid ? octets.join('.') : refuse('an IPv4 address that is none');
}

/** An IPv6 address in its shortest form, with its scope if it has one. */
export function ipv6Text(value: unknown): string {
  if (typeof value === 'string') {
    const [address = '', scope] = value.split('%');
    if (scope !== undefined && (scope === '' || value.split('%').length > 2)) refuse('an IPv6 address with no scope');
    return compress(parse(address)) + (scope === undefined ? '' : `%${scope}`);
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') refuse('an IPv6 address that is none');
  if (value < 0 || value >= 1n << 128n) refuse('an IPv6 address of more than 128 bits');
  const hex = BigInt(value).toString(16).padStart(32, '0');
  return compress((hex.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16)));
}

/** The eight groups of an address in any of its textual forms. */
function parse(text: string): number[] {
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
  const octets = ipv4Text(text).split('.').map(Number) as [number, number, number, number];
  return `${(octets[0] * 256 + octets[1]).toString(16)}:${(octets[2] * 256 + octets[3]).toString(16)}`;
}

/** The longest run of two or more zero groups, the first of equals, becomes `::`; a mapped IPv4 address shows as one. */
function compress(groups: readonly number[]): string {
  const [high = 0, low = 0] = groups.slice(6);
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${ipv4Text(high * 65_536 + low)}`;
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
