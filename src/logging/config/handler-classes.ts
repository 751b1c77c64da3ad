// The handler classes that a configuration can name, by Python's dotted names. A name that is not in this list is refused;
// none is ever imported.

import type { Handler } from '../handler.ts';
import { datagramHandler } from '../handlers/datagram-handler.config.ts';
import { fileHandler } from '../handlers/file-handler.config.ts';
import { httpHandler } from '../handlers/http-handler.config.ts';
import { memoryHandler } from '../handlers/memory-handler.config.ts';
import { nullHandler } from '../handlers/null-handler.config.ts';
import { queueHandler } from '../handlers/queue-handler.config.ts';
import { rotatingFileHandler } from '../handlers/rotating-file-handler.config.ts';
import { socketHandler } from '../handlers/socket-handler.config.ts';
import { streamHandler } from '../handlers/stream-handler.config.ts';
import { sysLogHandler } from '../handlers/sys-log-handler.config.ts';
import { timedRotatingFileHandler } from '../handlers/timed-rotating-file-handler.config.ts';
import { watchedFileHandler } from '../handlers/watched-file-handler.config.ts';
import type { HandlerClass } from './handler-class.ts';
import type { Section } from './section.ts';

const CLASSES: readonly HandlerClass[] = [
  nullHandler,
  streamHandler,
  fileHandler,
  watchedFileHandler,
  rotatingFileHandler,
  timedRotatingFileHandler,
  socketHandler,
  datagramHandler,
  sysLogHandler,
  httpHandler,
  memoryHandler,
  queueHandler,
];

/** The classes that there are, by their dotted names. */
export const handlerClasses: ReadonlyMap<string, HandlerClass> = new Map(CLASSES.map((each) => [each.name, each]));

/** What an attribute under `.` may be: Python sets any; here those that mean something. */
export function setAttributes(handler: Handler, attributes: Section): void {
  for (const each of CLASSES) each.setAttributes?.(handler, attributes);
  attributes.finish();
}
