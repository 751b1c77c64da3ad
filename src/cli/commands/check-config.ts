// `picklewire check-config`: prints what a configuration would make. Makes none of it.

import { Command } from 'commander';
import {
  External,
  escapeLines,
  getLevelName,
  type HandlerDescription,
  type LoggerSettings,
} from '../../logging/index.ts';
import { type ReadConfig, readConfigFile } from '../settings/config-file.ts';
import { endWithReader, print } from './stdio.ts';

interface CheckOptions {
  readonly json?: boolean;
}

export function checkConfigCommand(): Command {
  return new Command('check-config')
    .description(
      'say what serve --config would make of a file, without opening anything; exit code 1 if it cannot be used',
    )
    .argument('<file>', 'a dictConfig as JSON or YAML, or a fileConfig as ini')
    .option('--json', 'print it as JSON')
    .action(async (file: string, { json = false }: CheckOptions) => {
      endWithReader();
      const config = readConfigFile(file);
      await print(json ? `${JSON.stringify(dataOf(config))}\n` : textOf(config));
    });
}

/** Arguments whose value is not shown. */
const SECRETS: ReadonlySet<string> = new Set(['credentials']);

function dataOf({ plan: { descriptions, loggers, ignored }, section }: ReadConfig): unknown {
  return {
    settings: section,
    handlers: descriptions.map((handler) => ({
      name: handler.name,
      class: handler.className,
      arguments: Object.fromEntries(argumentsOf(handler)),
      level: levelOf(handler.level),
      formatter: handler.formatter,
      filters: handler.filters,
    })),
    loggers: loggers.map((logger) => ({
      name: logger.name,
      level: levelOf(logger.level),
      propagate: logger.propagate,
      handlers: handlerNames(logger),
      filters: logger.filterNames,
    })),
    ignored,
  };
}

/** A line for each setting, handler and logger, and one for each key that means nothing. */
function textOf({ plan: { descriptions, loggers, ignored }, section }: ReadConfig): string {
  const lines = [
    ...Object.entries(section).map(([name, value]) => `setting ${name}: ${JSON.stringify(value)}`),
    ...descriptions.map((handler) => `handler ${handler.name}: ${handlerText(handler)}`),
    ...loggers.map((logger) => `logger ${logger.name}: ${loggerText(logger)}`),
    ...ignored.map((path) => `ignored: ${path}`),
  ];
  if (lines.length === 0) return 'nothing\n';
  return lines.map((line) => `${escapeLines(line)}\n`).join('');
}

function handlerText(handler: HandlerDescription): string {
  const values = argumentsOf(handler).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const parts = [`${handler.className}(${values.join(', ')})`];
  if (handler.level !== null) parts.push(`level ${levelOf(handler.level)}`);
  if (handler.formatter !== null) parts.push(`formatter ${handler.formatter}`);
  if (handler.filters.length > 0) parts.push(`filters ${handler.filters.join(', ')}`);
  return parts.join('; ');
}

function loggerText(logger: LoggerSettings): string {
  const parts = logger.level === null ? [] : [`level ${levelOf(logger.level)}`];
  if (logger.propagate === false) parts.push('does not propagate');
  parts.push(logger.handlers.length > 0 ? `handlers ${handlerNames(logger).join(', ')}` : 'no handlers');
  if (logger.filterNames.length > 0) parts.push(`filters ${logger.filterNames.join(', ')}`);
  return parts.join('; ');
}

/** The arguments as the document has them. */
function argumentsOf({ keywords }: HandlerDescription): [name: string, value: unknown][] {
  return Array.from(keywords, ([name, value]) => {
    if (SECRETS.has(name) && value !== null) return [name, '…'];
    return [name, value instanceof External ? `ext://${value.name}` : value];
  });
}

/** A level as a configuration names it. */
function levelOf(level: number | null): string | number | null {
  if (level === null) return null;
  const name = getLevelName(level);
  return name === `Level ${level}` ? level : name;
}

function handlerNames({ handlers }: LoggerSettings): (string | null)[] {
  return handlers.map(({ name }) => name);
}
