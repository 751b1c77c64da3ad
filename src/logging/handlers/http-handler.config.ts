// An HTTPHandler in a configuration.

import { given, type HandlerClass } from '../config/handler-class.ts';
import { boolean, listOf, nullable, type Reader, text, wrongType } from '../config/section.ts';
import { HTTPHandler } from './http-handler.ts';

const credentials: Reader<readonly [string, string]> = (value, path, document) => {
  const [user, password, ...more] = listOf(text)(value, path, document);
  if (user === undefined || password === undefined || more.length > 0) {
    throw wrongType(path, 'a user and a password', value);
  }
  return [user, password];
};

export const httpHandler: HandlerClass = {
  name: 'logging.handlers.HTTPHandler',
  positional: ['host', 'url', 'method', 'secure', 'credentials'],
  make: (keywords, { maxPending }) =>
    new HTTPHandler(
      keywords.require('host', text),
      keywords.require('url', text),
      given({
        method: keywords.read('method', text),
        secure: keywords.read('secure', boolean),
        credentials: keywords.read('credentials', nullable(credentials)),
        maxPending,
      }),
    ),
};
