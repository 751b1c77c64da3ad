// The profile `otel`: OpenTelemetry's log data model.

import { exception, extras, field, type Member, made, message, object } from './member.ts';
import { nanoseconds } from './timestamps.ts';

/** The semantic conventions that attributes are written under. */
const NAMES: ReadonlySet<string> = new Set(
  (
    'code.file.path code.function.name code.line.number code.stacktrace thread.id thread.name exception.type ' +
    'exception.message exception.stacktrace'
  ).split(' '),
);

/** Extras that are written elsewhere than among the attributes, if they are what the instrumentation makes them. */
const LIFTED: ReadonlyMap<string, (value: unknown) => boolean> = new Map<string, (value: unknown) => boolean>([
  ['otelTraceID', (value) => value === '0' || isId(value, 32)],
  ['otelSpanID', (value) => value === '0' || isId(value, 16)],
  ['otelTraceSampled', (value) => typeof value === 'boolean'],
  ['otelServiceName', (value) => typeof value === 'string'],
]);

/**
 * The fields of the log data model (https://opentelemetry.io/docs/specs/otel/logs/data-model/), severities as
 * opentelemetry-python's LoggingHandler has them, attributes by the semantic conventions. Nanoseconds are a string of
 * digits, as 64-bit ints are in OTLP's JSON. The logger is the InstrumentationScope; process and service are the
 * Resource. What opentelemetry-instrumentation-logging adds to records (`otelTraceID`, …) becomes TraceId, SpanId,
 * TraceFlags and `service.name`; all other extras are attributes.
 */
export const otelProfile: readonly Member[] = [
  made('Timestamp', ({ event }) => nanoseconds(event.created)),
  made('TraceId', ({ event }) => idOf(event.get('otelTraceID'), 32)),
  made('SpanId', ({ event }) => idOf(event.get('otelSpanID'), 16)),
  made('TraceFlags', ({ event }) => {
    const sampled = event.get('otelTraceSampled');
    return typeof sampled === 'boolean' && isId(event.get('otelTraceID'), 32) ? Number(sampled) : null;
  }),
  made('SeverityText', ({ event }) => (event.levelname === 'WARNING' ? 'WARN' : event.levelname)),
  made('SeverityNumber', ({ event }) => severityNumber(event.levelno)),
  message('Body'),
  object(
    'Resource',
    made('service.name', ({ event }) => {
      const service = event.get('otelServiceName');
      return typeof service === 'string' ? service : null;
    }),
    field('process.pid', 'process'),
  ),
  object('InstrumentationScope', field('Name', 'name')),
  object(
    'Attributes',
    field('code.file.path', 'pathname'),
    field('code.function.name', 'funcName'),
    field('code.line.number', 'lineno'),
    field('code.stacktrace', 'stack_info'),
    field('thread.id', 'thread'),
    field('thread.name', 'threadName'),
    ...exception('exception.type', 'exception.message', 'exception.stacktrace'),
    extras(
      (name) => NAMES.has(name),
      (name, value) => LIFTED.get(name)?.(value) === true,
    ),
  ),
];

function idOf(value: unknown, digits: number): string | null {
  return isId(value, digits) ? value : null;
}

/** Whether a value is an id of the W3C's Trace Context: hexadecimal digits, not all 0. */
function isId(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/.test(value);
}

/** DEBUG 5, INFO 9, WARN 13, ERROR 17, FATAL 21, and up to three more above each; null, unspecified, below DEBUG. */
function severityNumber(level: number | bigint | null): number | null {
  const number = Number(level ?? 0);
  if (number < 10) return null;
  const capped = Math.min(number, 53);
  return Math.floor(capped / 10) * 4 + 1 + Math.min(capped % 10, 3);
}
