// The profile `otel`: OpenTelemetry's log data model. Knows no other profile.

import type { LogRecord } from '../../event/log-record.ts';
import { extraMembers, type Profile } from './profile.ts';
import { objectMember, objectOf, type Room } from './room.ts';
import { nanoseconds } from './timestamps.ts';
import { raisedException } from './traceback.ts';

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
export const otelProfile: Profile = (record, message, room) => {
  const { extras } = record;
  const traceId = extras.get('otelTraceID');
  const spanId = extras.get('otelSpanID');
  const sampled = extras.get('otelTraceSampled');
  const service = extras.get('otelServiceName');
  const traced = isId(traceId, 32);
  const serviceName = room.text(',"service.name":', typeof service === 'string' ? service : null);
  return objectOf(
    room.text(',"Timestamp":', nanoseconds(record.created)),
    (traced ? room.text(',"TraceId":', traceId) : '') +
      (isId(spanId, 16) ? room.text(',"SpanId":', spanId) : '') +
      (traced && typeof sampled === 'boolean' ? room.int(',"TraceFlags":', Number(sampled)) : '') +
      room.name(',"SeverityText":', record.levelname === 'WARNING' ? 'WARN' : record.levelname) +
      room.int(',"SeverityNumber":', severityNumber(record.levelno)) +
      room.text(',"Body":', message) +
      objectMember(',"Resource":', serviceName, room.int(',"process.pid":', record.process)) +
      objectMember(',"InstrumentationScope":', room.name(',"Name":', record.name)) +
      objectMember(',"Attributes":', room.name(',"code.file.path":', record.pathname), otherAttributes(record, room)),
  );
};

function otherAttributes(record: LogRecord, room: Room): string {
  return (
    room.name(',"code.function.name":', record.funcName) +
    room.int(',"code.line.number":', record.lineno) +
    room.text(',"code.stacktrace":', record.stack_info) +
    room.int(',"thread.id":', record.thread) +
    room.name(',"thread.name":', record.threadName) +
    (record.exc_text ? exceptionMembers(record.exc_text, room) : '') +
    (record.extras.size === 0 ? '' : extraMembers(record, room, (name) => NAMES.has(name), isLifted))
  );
}

function exceptionMembers(text: string, room: Room): string {
  const raised = raisedException(text);
  const type = room.text(',"exception.type":', raised?.type ?? null);
  const message = room.text(',"exception.message":', raised?.message ?? null);
  return type + message + room.text(',"exception.stacktrace":', text);
}

function isLifted(name: string, value: unknown): boolean {
  return LIFTED.get(name)?.(value) === true;
}

/** Whether a value is an id of the W3C's Trace Context: so many hexadecimal digits, not all 0. */
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
