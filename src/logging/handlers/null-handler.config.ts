// A NullHandler in a configuration.

import type { HandlerClass } from '../config/handler-class.ts';
import { NullHandler } from './null-handler.ts';

export const nullHandler: HandlerClass = {
  name: 'logging.NullHandler',
  positional: [],
  make: () => new NullHandler(),
};
