// `pathlib` and `ipaddress` as a pickle makes them. A path is text here, and never touches a file system.

import type { AllowedGlobal } from '../globals.ts';
import { PyIPAddress, PyPath, type PyTuple } from '../values/index.ts';
import { positional, refuse, textArgument } from './check.ts';
import { type IPAddress, ipText, parseIP } from './ip-text.ts';
import { windowsText } from './windows-path.ts';

/** Classes and what their instances are: the general ones make a path of the system's own, POSIX's here. */
const POSIX_PATHS = [
  ['PurePath', 'PurePosixPath'],
  ['Path', 'PosixPath'],
  ['PurePosixPath', 'PurePosixPath'],
  ['PosixPath', 'PosixPath'],
] as const;
const WINDOWS_PATHS = ['PureWindowsPath', 'WindowsPath'] as const;

export const addressGlobals: readonly AllowedGlobal[] = [
  ...POSIX_PATHS.map(([name, made]) => path(name, made, posixText)),
  ...WINDOWS_PATHS.map((name) => path(name, name, windowsText)),
  ...([4, 6] as const).flatMap((version) => [
    address(`IPv${version}Address`, (value) => ipText(parseIP(version, value))),
    address(`IPv${version}Network`, (value) => prefixedText(version, value, refuseHostBits)),
    address(`IPv${version}Interface`, (value) => prefixedText(version, value)),
  ]),
];

/** The class with one segment (3.13) or one for each part of the path (up to 3.12). */
function path(name: string, made: PyPath['name'], join: (parts: readonly string[]) => string): AllowedGlobal {
  return {
    module: 'pathlib',
    name,
    construct: (args, kwargs) => {
      const parts = segments(name, args, kwargs);
      return new PyPath(made, join(parts));
    },
  };
}

function segments(name: string, args: PyTuple, kwargs: Map<unknown, unknown> | null): string[] {
  return positional(name, args, kwargs, 0, Number.MAX_SAFE_INTEGER).map((part) => textArgument(name, part));
}

/** As PurePosixPath does: from the last absolute part on, no empty names and no `.`; two leading slashes stay two. */
function posixText(parts: readonly string[]): string {
  const absolute = parts.findLastIndex((part) => part.startsWith('/'));
  const root = absolute < 0 ? '' : /^\/\/(?!\/)/.test(parts[absolute] as string) ? '//' : '/';
  const names = parts.slice(Math.max(absolute, 0)).flatMap((part) => part.split('/'));
  return root + names.filter((name) => name !== '' && name !== '.').join('/') || '.';
}

function address(name: PyIPAddress['name'], text: (value: unknown) => string): AllowedGlobal {
  return {
    module: 'ipaddress',
    name,
    construct: (args, kwargs) => new PyIPAddress(name, text(positional(name, args, kwargs, 1)[0])),
  };
}

/** `address/bits`, as networks and interfaces are pickled. */
function prefixedText(
  version: 4 | 6,
  value: unknown,
  check: (address: IPAddress, bits: number) => void = () => {},
): string {
  const text = textArgument('an IP network', value);
  const slash = text.lastIndexOf('/');
  const bits = text.slice(slash + 1);
  const most = version === 4 ? 32 : 128;
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > most) refuse('an IP network with no prefix');
  const address = parseIP(version, text.slice(0, slash));
  check(address, Number(bits));
  return `${ipText(address)}/${bits}`;
}

/** Of a network's address, the bits behind its prefix are 0. */
function refuseHostBits({ groups, groupBits }: IPAddress, bits: number): void {
  groups.forEach((group, i) => {
    const hostBits = Math.min(groupBits, Math.max(0, (i + 1) * groupBits - bits));
    if (group % 2 ** hostBits !== 0) refuse('an IP network with bits of a host');
  });
}
