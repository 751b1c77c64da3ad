// A MemoryHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { boolean, integer, nullable } from '../config/section.ts';
import { MemoryHandler } from './memory-handler.ts';

export const memoryHandler: HandlerClass = {
  name: 'logging.handlers.MemoryHandler',
  positional: ['capacity', 'flushLevel', 'target', 'flushOnClose'],
  make: (keywords, context) =>
    new MemoryHandler(
      keywords.require('capacity', integer),
      given({
        flushLevel: keywords.read('flushLevel', context.level),
        target: keywords.read('target', nullable(context.handler)),
        flushOnClose: keywords.read('flushOnClose', boolean),
        maxBytes: context.maxPending,
      }),
    ),
};
