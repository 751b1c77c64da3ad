// A WatchedFileHandler in a configuration.

import type { HandlerClass } from '../config/handler-class.ts';
import { plainFile } from './file-handler.config.ts';
import { WatchedFileHandler } from './watched-file-handler.ts';

export const watchedFileHandler: HandlerClass = plainFile('logging.handlers.WatchedFileHandler', WatchedFileHandler);
