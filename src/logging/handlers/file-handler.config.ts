// A FileHandler in a configuration, and what every handler of files is configured by.

import { given, type HandlerClass, type HandlerContext } from '../config/handler-class.ts';
import { boolean, nullable, type Reader, type Section, text, wrongType } from '../config/section.ts';
import { FILE_MODES, type FileMode } from '../write/log-file.ts';
import { type CommonFileOptions, FileHandler } from './file-handler.ts';

export const fileMode: Reader<FileMode> = (value, path) => {
  if (typeof value === 'string' && Object.hasOwn(FILE_MODES, value)) return value as FileMode;
  throw wrongType(path, Object.keys(FILE_MODES).join(', '), value);
};

/** Options that every handler of files takes; undefined for the handler's own default. */
type FileOptions = { readonly [Name in keyof Required<CommonFileOptions>]: CommonFileOptions[Name] | undefined };

export function fileOptions(keywords: Section, { trial, maxPending }: HandlerContext): FileOptions {
  const delay = keywords.read('delay', boolean);
  return {
    encoding: keywords.read('encoding', nullable(text)),
    errors: keywords.read('errors', nullable(text)) ?? undefined, // Python's None is its handlers' default
    delay: trial ? true : delay,
    maxPending,
  };
}

/** A class of files that are never rolled over. */
export function plainFile(name: string, type: typeof FileHandler): HandlerClass {
  return {
    name,
    positional: ['filename', 'mode', 'encoding', 'delay', 'errors'],
    make: (keywords, context) =>
      new type(
        keywords.require('filename', text),
        given({ mode: keywords.read('mode', fileMode), ...fileOptions(keywords, context) }),
      ),
  };
}

export const fileHandler: HandlerClass = plainFile('logging.FileHandler', FileHandler);
