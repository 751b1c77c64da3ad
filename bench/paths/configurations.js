// The configurations whose cost is measured, each with what it is held against and how much more it may cost. Each is a
// program of its own; those of a configuration's file are held against another such file, like with like.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCopy, startScript, startServe } from '../end-to-end/receivers.js';
import { BRACE, COOKBOOK, SHARED_LOGGER } from './expected.js';

/**
 * @import { Receiver } from '../end-to-end/receivers.js'
 * @import { Expected } from './expected.js'
 *
 * @typedef {object} Bound
 * @property {string} against the configuration that costs 1
 * @property {number} must at most so many times as much
 * @property {number} aim the same, as it is wished for
 *
 * @typedef {object} Configuration
 * @property {string} name
 * @property {Bound} [bound] without it, this is there for others to be held against
 * @property {Readonly<Record<string, keyof Expected>>} writes its files in its folder, and what is in each of them
 * @property {(folder: string) => Promise<Receiver>} start
 * @property {number} [warmUp] passes before the first that counts, where the usual number is too few
 */

const LISTENER = fileURLToPath(new URL('./listener.js', import.meta.url));

/** The file that all have. */
const FILE = 'lines';
const ALL = { [FILE]: /** @type {const} */ ('text') };

/** @type {readonly Configuration[]} */
export const configurations = [
  {
    name: 'bare copy',
    writes: { [FILE]: 'stream' },
    start: (folder) => startCopy(join(folder, FILE)),
    // What it does it does once for a read of 64 KiB, and not for each record: V8 compiles that late.
    warmUp: 1000,
  },
  flags('text', 'text', ['--format', COOKBOOK], atMost('bare copy', 0.8, 0.5)),
  flags('text, {-style', 'braceText', ['--style', '{', '--format', BRACE], atMost('text', 1.15, 1.05)),
  flags('text, --escape', 'escapedText', ['--escape', '--format', COOKBOOK], atMost('text', 1.15, 1.05)),
  flags('JSON python', 'json', ['--json=python'], atMost('bare copy', 1.5, 1)),
  flags('JSON pino', 'json', ['--json=pino'], atMost('JSON python', 1.2, 1)),
  flags('JSON ecs', 'json', ['--json=ecs'], atMost('JSON python', 1.2, 1)),
  flags('JSON otel', 'json', ['--json=otel'], atMost('JSON python', 1.2, 1)),

  config('config, one file', ALL, {}),
  config('config, two files', { ...ALL, second: 'text' }, { root: [FILE, 'second'] }, inConfig(1.5, 1.3)),
  config('config, picklewire.net', ALL, { loggers: { 'picklewire.net': 'messages' } }, inConfig(1.15, 1.05)),
  config('config, unused logger', ALL, { loggers: { 'shop.nobody': 'nobodys' } }, inConfig(1.15, 1.05)),
  config(
    'config, used logger',
    { [FILE]: 'textOfOthers', own: 'textOfLogger' },
    { loggers: { [SHARED_LOGGER]: 'own' } },
    inConfig(1.15, 1.05),
  ),
  config('config, rotating file', ALL, { rotating: true }, inConfig(1.15, 1.05)),

  { name: 'library', writes: ALL, start: (folder) => startScript(LISTENER, [join(folder, FILE), COOKBOOK]) },
  {
    name: 'library, listener',
    bound: atMost('library', 1.6, 1.4),
    writes: ALL,
    start: (folder) => startScript(LISTENER, [join(folder, FILE), COOKBOOK, 'listening']),
  },
];

/**
 * @param {string} against
 * @param {number} must
 * @param {number} aim
 * @returns {Bound}
 */
function atMost(against, must, aim) {
  return { against, must, aim };
}

/** @param {number} must @param {number} aim */
function inConfig(must, aim) {
  return atMost('config, one file', must, aim);
}

/**
 * `serve` with flags, which says its format although it is the default, so that another default is no other cost.
 * @param {string} name
 * @param {keyof Expected} written
 * @param {readonly string[]} options
 * @param {Bound} bound
 * @returns {Configuration}
 */
function flags(name, written, options, bound) {
  const start = (/** @type {string} */ folder) => startServe([...options, '--output', join(folder, FILE)]);
  return { name, bound, writes: { [FILE]: written }, start };
}

/**
 * `serve` with a configuration's file, all of whose handlers write the cookbook's format.
 * @param {string} name
 * @param {Configuration['writes']} writes
 * @param {{ root?: string[], loggers?: Record<string, string>, rotating?: boolean }} options the files of the root
 *   logger, and for each other one its own, which it alone writes to; `rotating` files never grow large enough
 * @param {Bound} [bound]
 * @returns {Configuration}
 */
function config(name, writes, { root = [FILE], loggers = {}, rotating = false }, bound) {
  /** @param {string} folder */
  const start = (folder) => {
    const kind = rotating
      ? { class: 'logging.handlers.RotatingFileHandler', maxBytes: 2 ** 40, backupCount: 3 }
      : { class: 'logging.FileHandler' };
    const handlers = [...root, ...Object.values(loggers)].map((file) => [
      file,
      { ...kind, filename: join(folder, file), formatter: 'cookbook' },
    ]);
    const document = {
      version: 1,
      formatters: { cookbook: { format: COOKBOOK } },
      handlers: Object.fromEntries(handlers),
      loggers: Object.fromEntries(
        Object.entries(loggers).map(([logger, file]) => [
          logger,
          { level: 'DEBUG', handlers: [file], propagate: false },
        ]),
      ),
      root: { level: 'DEBUG', handlers: root },
    };
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(document));
    return startServe(['--config', file]);
  };
  return { name, ...(bound === undefined ? {} : { bound }), writes, start };
}
