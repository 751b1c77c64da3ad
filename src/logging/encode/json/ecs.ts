// The profile `ecs`: the Elastic Common Schema as ecs-logging writes it.

import { SLOTS } from '../../event/field-table.ts';
import { constant, exception, extras, field, type Member, made, message, object } from './member.ts';

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

const [type, text, traceback] = exception('type', 'message', 'stack_trace') as [Member, Member, Member];

/**
 * The fields of ecs-logging's StdlibFormatter (https://github.com/elastic/ecs-logging-python), nested as there, but
 * for `log.original`, a copy of `message`. Extras stand beside them as they are, those with dots in their names too: to
 * Elasticsearch `{"a.b": 1}` is `{"a": {"b": 1}}`. As there, the stack of a call without an exception is the stack trace.
 */
export const ecsProfile: readonly Member[] = [
  made('@timestamp', ({ isoTime }) => isoTime),
  made('log.level', ({ event }) => event.levelname?.toLowerCase() ?? null),
  message('message'),
  constant('ecs', `{"version":"${ECS_VERSION}"}`),
  object(
    'log',
    field('logger', 'name'),
    object('origin', object('file', field('line', 'lineno'), field('name', 'filename')), field('function', 'funcName')),
  ),
  object(
    'process',
    field('pid', 'process'),
    field('name', 'processName'),
    object('thread', field('id', 'thread'), field('name', 'threadName')),
  ),
  object(
    'error',
    type,
    text,
    traceback,
    made('stack_trace', ({ event }) =>
      event.value(SLOTS.exc_text) ? null : (event.value(SLOTS.stack_info) as string | null),
    ),
  ),
  extras((name) => NAMES.has(name)),
];
