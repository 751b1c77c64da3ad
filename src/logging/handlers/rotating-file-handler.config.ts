// A RotatingFileHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { integer, text } from '../config/section.ts';
import { fileMode, fileOptions } from './file-handler.config.ts';
import { RotatingFileHandler } from './rotating-file-handler.ts';

export const rotatingFileHandler: HandlerClass = {
  name: 'logging.handlers.RotatingFileHandler',
  positional: ['filename', 'mode', 'maxBytes', 'backupCount', 'encoding', 'delay', 'errors'],
  make: (keywords, context) =>
    new RotatingFileHandler(
      keywords.require('filename', text),
      given({
        mode: keywords.read('mode', fileMode),
        maxBytes: keywords.read('maxBytes', integer),
        backupCount: keywords.read('backupCount', integer),
        ...fileOptions(keywords, context),
      }),
    ),
};
