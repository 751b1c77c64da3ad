// A StreamHandler in a configuration: to standard output or standard error.

import type { HandlerClass, HandlerContext } from '../config/handler-class.ts';
import { External } from '../config/references.ts';
import { type Reader, text, wrongType } from '../config/section.ts';
import { StreamHandler, type TextStream } from './stream-handler.ts';

function streamOf({ streams }: HandlerContext): Reader<TextStream> {
  return (value, path) => {
    if (value === null) return streams.stderr;
    const name = value instanceof External ? value.name : null;
    if (name === 'sys.stdout') return streams.stdout;
    if (name === 'sys.stderr') return streams.stderr;
    throw wrongType(path, 'ext://sys.stdout or ext://sys.stderr', value);
  };
}

export const streamHandler: HandlerClass = {
  name: 'logging.StreamHandler',
  positional: ['stream'],
  make: (keywords, context) => new StreamHandler(keywords.read('stream', streamOf(context)) ?? context.streams.stderr),

  setAttributes(handler, attributes) {
    if (handler instanceof StreamHandler)
      handler.terminator = attributes.read('terminator', text) ?? handler.terminator;
  },
};
