// `pathlib` and `ipaddress`. Paths go by `pathlib` alone: 3.13 writes `pathlib._local`, which no other Python has.

import { PyIPAddress, PyPath } from '../../values/index.ts';
import { Fresh, GlobalName, Reduction, type ReductionRow, row, unpicklable } from '../reduction.ts';
import { checkText } from './check.ts';

const PATHS: ReadonlyMap<string, GlobalName> = classes('pathlib', [
  'PurePath',
  'Path',
  'PurePosixPath',
  'PosixPath',
  'PureWindowsPath',
  'WindowsPath',
]);

const ADDRESSES: ReadonlyMap<string, GlobalName> = classes('ipaddress', [
  'IPv4Address',
  'IPv4Network',
  'IPv4Interface',
  'IPv6Address',
  'IPv6Network',
  'IPv6Interface',
]);

export const addressReductions: readonly ReductionRow[] = [
  row(PyPath, ({ name, text }) => new Reduction(classOf(PATHS, name), [checkText('a path', text)])),
  row(PyIPAddress, ({ name, text }) => {
    const cls = classOf(ADDRESSES, name);
    checkText('an IP address', text);
    return new Reduction(cls, [name === 'IPv4Address' ? ipv4Int(text) : Fresh.str(text)]);
  }),
];

function classes(module: string, names: readonly string[]): ReadonlyMap<string, GlobalName> {
  return new Map(names.map((name) => [name, new GlobalName(module, name, 'python')]));
}

function classOf(table: ReadonlyMap<string, GlobalName>, name: string): GlobalName {
  const found = table.get(name);
  if (found === undefined) throw unpicklable('a path or address of no known class');
  return found;
}

function ipv4Int(text: string): number {
  const octets = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (octets.length !== 4 || octets.some((octet) => octet > 255)) throw unpicklable('an IPv4 address that is none');
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}
