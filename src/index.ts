// picklewire: the receiver, and what it hands out.

export { LogRecord, LogRecordError } from './logging/index.ts';
export type { Connection, Disconnect } from './net/index.ts';
export { PickleError } from './pickle/index.ts';
export * from './receiver/index.ts';
