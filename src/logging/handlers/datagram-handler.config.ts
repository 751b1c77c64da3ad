// A DatagramHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { integer, nullable, text } from '../config/section.ts';
import { DatagramHandler } from './datagram-handler.ts';

export const datagramHandler: HandlerClass = {
  name: 'logging.handlers.DatagramHandler',
  positional: ['host', 'port'],
  make: (keywords, { maxPending }) =>
    new DatagramHandler(
      keywords.require('host', text),
      keywords.require('port', nullable(integer)),
      given({ maxPending }),
    ),
};
