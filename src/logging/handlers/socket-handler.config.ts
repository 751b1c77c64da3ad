// A SocketHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { integer, nullable, text } from '../config/section.ts';
import { SocketHandler } from './socket-handler.ts';

export const socketHandler: HandlerClass = {
  name: 'logging.handlers.SocketHandler',
  positional: ['host', 'port'],
  make: (keywords, { maxPending }) =>
    new SocketHandler(
      keywords.require('host', text),
      keywords.require('port', nullable(integer)),
      given({ maxPending }),
    ),
};
