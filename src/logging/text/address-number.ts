// IP addresses as the numbers that they are.

import type { PyIPAddress } from '../../pickle/index.ts';

/** `int(address)`; prefix and scope are no part of it. */
export function addressNumber({ name, text }: PyIPAddress): bigint {
  return name.startsWith('IPv4') ? v4Number(text) : v6Number(text);
}

function v4Number(text: string): bigint {
  const parts = text.replace(/\/.*$/, '').split('.');
  return parts.reduce((number, part) => number * 256n + BigInt(part), 0n);
}

/** Eight groups, of which `::` stands for those that are zero. */
function v6Number(text: string): bigint {
  const [before = '', after] = text.replace(/[/%].*$/, '').split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const zeros: string[] = new Array(8 - head.length - tail.length).fill('0');
  return BigInt(`0x${[...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('')}`);
}
