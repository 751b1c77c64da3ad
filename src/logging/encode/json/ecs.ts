// The profile `ecs`: the Elastic Common Schema as ecs-logging writes it. Knows no other profile.

import type { LogRecord } from '../../event/log-record.ts';
import { extraMembers, type Profile } from './profile.ts';
import { objectMember, objectOf, type Room } from './room.ts';
import { isoTime } from './timestamps.ts';
import { raisedException } from './traceback.ts';

/** The version that ecs-logging for Python names. */
const ECS_VERSION = '1.6.0';

/** Every object and every field that is written, as both may name a member. */
const NAMES: ReadonlySet<string> = new Set(
  (
    '@timestamp log.level message ecs ecs.version log log.logger log.origin log.origin.file log.origin.file.line ' +
    'log.origin.file.name log.origin.function process process.pid process.name process.thread process.thread.id ' +
    'process.thread.name error error.type error.message error.stack_trace'
  ).split(' '),
);

/**
 * The fields of ecs-logging's StdlibFormatter (https://github.com/elastic/ecs-logging-python), nested as there, but
 * for `log.original`, a copy of `message`. Extras stand beside them as they are, those with dots in their names too: to
 * Elasticsearch `{"a.b": 1}` is `{"a": {"b": 1}}`.
 */
export const ecsProfile: Profile = (record, message, room) =>
  objectOf(room.text(',"@timestamp":', isoTime(record.created)), otherMembers(record, message, room));

function otherMembers(record: LogRecord, message: string, room: Room): string {
  return (
    room.name(',"log.level":', record.levelname === null ? null : record.levelname.toLowerCase()) +
    room.text(',"message":', message) +
    `,"ecs":{"version":"${ECS_VERSION}"}` +
    objectMember(',"log":', room.name(',"logger":', record.name), originMember(record, room)) +
    processMember(record, room) +
    errorMember(record, room) +
    (record.extras.size === 0 ? '' : extraMembers(record, room, (name) => NAMES.has(name)))
  );
}

function originMember({ filename, lineno, funcName }: LogRecord, room: Room): string {
  const file = objectMember(',"file":', room.int(',"line":', lineno), room.name(',"name":', filename));
  return objectMember(',"origin":', file, room.name(',"function":', funcName));
}

function processMember(record: LogRecord, room: Room): string {
  const threadName = room.name(',"name":', record.threadName);
  const thread = objectMember(',"thread":', room.int(',"id":', record.thread), threadName);
  const processName = room.name(',"name":', record.processName);
  return objectMember(',"process":', room.int(',"pid":', record.process), processName + thread);
}

/** As there, the stack of a call that has no exception is the stack trace. */
function errorMember({ exc_text: traceback, stack_info: stack }: LogRecord, room: Room): string {
  if (!traceback) return objectMember(',"error":', room.text(',"stack_trace":', stack));
  const raised = raisedException(traceback);
  const type = room.text(',"type":', raised?.type ?? null);
  const message = room.text(',"message":', raised?.message ?? null);
  return objectMember(',"error":', type, message + room.text(',"stack_trace":', traceback));
}
