// A QueueHandler in a configuration, with its queue and its listener.

import type { HandlerClass } from '../config/handler-class.ts';
import { boolean, listOf } from '../config/section.ts';
import { HELD_BYTES_MAX } from '../event/record-size.ts';
import { LogQueue } from './log-queue.ts';
import { QueueHandler } from './queue-handler.ts';
import { QueueListener } from './queue-listener.ts';

/** Records that may wait for a listener. Python's queue has no bound; this one holds a burst, and what a reload held. */
const QUEUE_RECORDS_MAX = 200_000;

export const queueHandler: HandlerClass = {
  name: 'logging.handlers.QueueHandler',
  positional: [],
  make: (keywords, context) => {
    const queue = new LogQueue(QUEUE_RECORDS_MAX, {
      maxBytes: 2 * (context.maxPending ?? HELD_BYTES_MAX), // a reload may hold a little more than the half
    });
    const handler = new QueueHandler(queue);
    const handlers = keywords.read('handlers', listOf(context.handler)) ?? [];
    const respectHandlerLevel = keywords.read('respect_handler_level', boolean) ?? false;
    handler.listener = new QueueListener(queue, handlers, { respectHandlerLevel });
    // Python leaves this to the program; here there is no program but the configuration.
    if (!context.trial) handler.listener.start();
    return handler;
  },
};
