// A TimedRotatingFileHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { boolean, integer, nullable, type Reader, text, wrongType } from '../config/section.ts';
import { fileOptions } from './file-handler.config.ts';
import type { TimeOfDay } from './rollover-time.ts';
import { TimedRotatingFileHandler } from './timed-rotating-file-handler.ts';

/** A time of the day as `HH:MM` or `HH:MM:SS`: what JSON and YAML have in place of Python's `datetime.time`. */
const timeOfDay: Reader<TimeOfDay> = (value, path) => {
  const match = typeof value === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(value) : null;
  if (match === null) throw wrongType(path, 'a time as HH:MM or HH:MM:SS', value);
  return { hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? 0) };
};

export const timedRotatingFileHandler: HandlerClass = {
  name: 'logging.handlers.TimedRotatingFileHandler',
  positional: ['filename', 'when', 'interval', 'backupCount', 'encoding', 'delay', 'utc', 'atTime', 'errors'],
  make: (keywords, context) =>
    new TimedRotatingFileHandler(
      keywords.require('filename', text),
      given({
        when: keywords.read('when', text),
        interval: keywords.read('interval', integer),
        backupCount: keywords.read('backupCount', integer),
        utc: keywords.read('utc', boolean),
        atTime: keywords.read('atTime', nullable(timeOfDay)),
        ...fileOptions(keywords, context),
      }),
    ),
};
