// `pathlib` and `ipaddress` as a pickle makes them. A path is text here, and never touches a file system.

import type { AllowedGlobal } from '../globals.ts';
import { PyIPAddress, PyPath, type PyTuple } from '../values/index.ts';
import { positional, refuse, textArgument } from './check.ts';
import { ipv4Text, ipv6Text } from './ip-text.ts';

const POSIX_PATHS = ['PurePath', 'Path', 'PurePosixPath', 'PosixPath'] as const;
const WINDOWS_PATHS = ['PureWindowsPath', 'WindowsPath'] as const;

export const addressGlobals: readonly AllowedGlobal[] = [
  ...POSIX_PATHS.map((name) => path(name, posixText)),
  ...WINDOWS_PATHS.map((name) => path(name, windowsText)),
  ...([4, 6] as const).flatMap((version) => [
    address(`IPv${version}Address`, (value) => hostText(version, value)),
    address(`IPv${version}Network`, (value) => prefixedText(version, value)),
    address(`IPv${version}Interface`, (value) => prefixedText(version, value)),
  ]),
];

/** The class with one segment (3.13) or one for each part of the path (up to 3.12). */
function path(name: PyPath['name'], join: (parts: readonly string[]) => string): AllowedGlobal {
  return {
    module: 'pathlib',
    name,
    construct: (args, kwargs) => {
      const parts = segments(name, args, kwargs);
      return new PyPath(name, join(parts));
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
  const names = normalParts(parts.slice(Math.max(absolute, 0)).join('/'), '/');
  return root + names.join('/') || '.';
}

/** As PureWindowsPath does, for a drive, a root, both or neither. */
function windowsText(parts: readonly string[]): string {
  let drive = '';
  let root = '';
  let rest: string[] = [];
  for (const part of parts) {
    const [, partDrive = '', partRoot = '', tail = ''] = WINDOWS_ANCHOR.exec(part.replaceAll('/', '\\')) ?? [];
    if (partDrive !== '' && partDrive.toLowerCase() !== drive.toLowerCase()) [root, rest] = ['', []];
    if (partDrive !== '') drive = partDrive;
    if (partRoot !== '') [root, rest] = ['\\', []];
    for (const name of normalParts(tail, '\\')) rest.push(name);
  }
  if (drive.startsWith('\\\\')) root = '\\';
  return drive + root + rest.join('\\') || '.';
}

/** A drive (`C:`, or a share `\\server\name`), a root, and what is behind. */
const WINDOWS_ANCHOR = /^(\\\\[^\\]+\\[^\\]+|[^\\]:)?(\\*)(.*)$/s;

function normalParts(text: string, separator: string): string[] {
  return text.split(separator).filter((part) => part !== '' && part !== '.');
}

function address(name: PyIPAddress['name'], text: (value: unknown) => string): AllowedGlobal {
  return {
    module: 'ipaddress',
    name,
    construct: (args, kwargs) => new PyIPAddress(name, text(positional(name, args, kwargs, 1)[0])),
  };
}

/** An address as an int, or as text where it has a scope. */
function hostText(version: 4 | 6, value: unknown): string {
  return version === 4 ? ipv4Text(value) : ipv6Text(value);
}

/** `address/bits`, as networks and interfaces are pickled. */
function prefixedText(version: 4 | 6, value: unknown): string {
  const text = textArgument('an IP network', value);
  const slash = text.lastIndexOf('/');
  const bits = text.slice(slash + 1);
  const most = version === 4 ? 32 : 128;
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > most) refuse('an IP network with no prefix');
  return `${hostText(version, text.slice(0, slash))}/${bits}`;
}
