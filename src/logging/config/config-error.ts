// What is wrong with a configuration, and where in its document.

import { LoggingError } from '../errors.ts';

/** A configuration that cannot be used (`ERR_CONFIG`); nothing of it has taken effect. */
export class ConfigError extends LoggingError {
  /** Where in the document, e.g. `handlers.file.maxBytes`; empty for the document itself. */
  readonly path: string;

  constructor(path: string, reason: string) {
    super('ERR_CONFIG', path === '' ? reason : `${path}: ${reason}`);
    this.path = path;
  }
}

const PLAIN_NAME = /^[\w-]+$/;

/** The path of what is called `name` in what has the path `parent`. */
export function pathOf(parent: string, name: string | number): string {
  if (typeof name === 'number') return `${parent}[${name}]`;
  if (!PLAIN_NAME.test(name)) return `${parent}['${name}']`;
  return parent === '' ? name : `${parent}.${name}`;
}
