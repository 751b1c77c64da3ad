// IP addresses by a format specification.
// Source: `_BaseAddress.__format__` in Lib/ipaddress.py of Python 3.13.

import type { PyIPAddress } from '../../pickle/index.ts';
import { addressNumber } from './address-number.ts';
import { formatInt } from './format-int.ts';
import { parseSpec } from './format-spec.ts';

/** The specification of an address as a number: alternate form, grouping, type. */
const NUMBER = /^(#?)(_?)([xbnX])$/;

/** The text of an address as a number; null for a specification that asks for something else. */
export function formatAddressNumber(address: PyIPAddress, specification: string): string | null {
  const match = NUMBER.exec(specification);
  if (match === null) return null;
  const [, alternate = '', grouping = '', asked = ''] = match;
  const isV4 = address.name.startsWith('IPv4');
  const type = asked === 'n' ? (isV4 ? 'b' : 'x') : asked;
  const bits = isV4 ? 32 : 128;
  let width = type === 'b' ? bits : bits / 4;
  if (grouping !== '') width += width / 4 - 1;
  if (alternate !== '') width += 2;
  return formatInt(addressNumber(address), parseSpec(`${alternate}0${width}${grouping}${type}`));
}
