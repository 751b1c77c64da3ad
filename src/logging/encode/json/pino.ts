// The profile `pino`: what pino writes, and pino-pretty reads.

import { SLOTS } from '../../event/field-table.ts';
import type { LogEvent } from '../../event/log-event.ts';
import { exception, extras, field, joined, type Member, made, message, object } from './member.ts';
import { milliseconds } from './timestamps.ts';

const NAMES: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'name', 'caller', 'msg', 'err', 'stack_info']);

/**
 * The names and units of pino (https://github.com/pinojs/pino/blob/main/docs/api.md): `level` 10 to 60, `time` in
 * milliseconds, `pid`, `name`, `msg`, and `err` as its error serializer has it. `caller` is what pino-caller adds
 * and pino-pretty shows: `function (path:line)`. `hostname` is there when the sender gives an extra of that name.
 */
export const pinoProfile: readonly Member[] = [
  made('level', ({ event }) => pinoLevel(event.levelno)),
  made('time', ({ event }) => milliseconds(event.created)),
  field('pid', 'process'),
  field('name', 'name'),
  joined('caller', ['funcName', ' (', 'pathname', ':', 'lineno', ')'], ({ event }) => callerOf(event)),
  message('msg'),
  object('err', ...exception('type', 'message', 'stack')),
  field('stack_info', 'stack_info'),
  extras((name) => NAMES.has(name)),
];

/** trace 10, debug 20, info 30, warn 40, error 50, fatal 60; what lies between two of Python's levels is the lower. */
function pinoLevel(level: number | bigint | null): number | null {
  if (level === null) return null;
  return Math.min(Math.max(Math.floor(Number(level) / 10) + 1, 1), 6) * 10;
}

function callerOf(event: LogEvent): string | null {
  const pathname = event.value(SLOTS.pathname);
  if (!pathname) return null;
  const lineno = event.value(SLOTS.lineno);
  const funcName = event.value(SLOTS.funcName);
  const place = lineno === null ? pathname : `${pathname}:${lineno}`;
  return funcName === null ? String(place) : `${funcName} (${place})`;
}
