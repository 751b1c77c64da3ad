// The profile `pino`: what pino writes, and pino-pretty reads. Knows no other profile.

import type { LogRecord } from '../../event/log-record.ts';
import { extraMembers, type Profile } from './profile.ts';
import { objectMember, objectOf, type Room } from './room.ts';
import { milliseconds } from './timestamps.ts';
import { raisedException } from './traceback.ts';

const NAMES: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'name', 'caller', 'msg', 'err', 'stack_info']);

/**
 * The names and units of pino (https://github.com/pinojs/pino/blob/main/docs/api.md): `level` 10 to 60, `time` in
 * milliseconds, `pid`, `name`, `msg`, and `err` as its error serializer has it. `caller` is what pino-caller adds
 * and pino-pretty shows: `function (path:line)`. `hostname` is there when the sender gives an extra of that name.
 */
export const pinoProfile: Profile = (record, message, room) =>
  objectOf(room.int(',"level":', pinoLevel(record.levelno)), otherMembers(record, message, room));

function otherMembers(record: LogRecord, message: string, room: Room): string {
  return (
    room.int(',"time":', milliseconds(record.created)) +
    room.int(',"pid":', record.process) +
    room.name(',"name":', record.name) +
    room.text(',"caller":', callerOf(record)) +
    room.text(',"msg":', message) +
    (record.exc_text ? errorMember(record.exc_text, room) : '') +
    room.text(',"stack_info":', record.stack_info) +
    (record.extras.size === 0 ? '' : extraMembers(record, room, (name) => NAMES.has(name)))
  );
}

/** trace 10, debug 20, info 30, warn 40, error 50, fatal 60; what lies between two of Python's levels is the lower. */
function pinoLevel(level: number | bigint | null): number | null {
  if (level === null) return null;
  return Math.min(Math.max(Math.floor(Number(level) / 10) + 1, 1), 6) * 10;
}

function callerOf({ pathname, funcName, lineno }: LogRecord): string | null {
  if (!pathname) return null;
  const place = lineno === null ? pathname : `${pathname}:${lineno}`;
  return funcName === null ? place : `${funcName} (${place})`;
}

function errorMember(text: string, room: Room): string {
  const raised = raisedException(text);
  const type = room.text(',"type":', raised?.type ?? null);
  const message = room.text(',"message":', raised?.message ?? null);
  return objectMember(',"err":', type, message + room.text(',"stack":', text));
}
