// Python's `logging.config.fileConfig`: an ini file, translated into the document of a dictConfig.

import { readFileSync } from 'node:fs';
import { syslogFacilities } from '../handlers/sys-log-priorities.ts';
import { CRITICAL, DEBUG, ERROR, FATAL, INFO, NOTSET, WARN, WARNING } from '../levels.ts';
import { ConfigError } from './config-error.ts';
import { type DictConfigOptions, dictConfig } from './dict-config.ts';
import { handlerClasses } from './handler-classes.ts';
import { IniError, IniFile } from './ini.ts';
import { LiteralError, parseLiteral } from './literal.ts';
import { ConfigDocument, External } from './references.ts';

export interface FileConfigOptions extends DictConfigOptions {
  /** Options of the DEFAULT section, which the file's own replace. */
  readonly defaults?: Readonly<Record<string, string>> | undefined;
  /** Whether loggers that the file does not name are silenced. Default true. */
  readonly disableExistingLoggers?: boolean | undefined;
  /** Other sections that the document is to have, if they are there, as dicts of strings. `dictConfig` ignores them. */
  readonly sections?: readonly string[] | undefined;
}

/** What an expression in the file can name: Python evaluates it among the names of its `logging` module. */
const NAMES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...Object.entries({ CRITICAL, DEBUG, ERROR, FATAL, INFO, NOTSET, WARN, WARNING }),
  ['sys.stdout', new External('sys.stdout')],
  ['sys.stderr', new External('sys.stderr')],
  ['handlers.DEFAULT_TCP_LOGGING_PORT', 9020],
  ['handlers.DEFAULT_UDP_LOGGING_PORT', 9021],
  ['handlers.DEFAULT_HTTP_LOGGING_PORT', 9022],
  ['handlers.SYSLOG_UDP_PORT', 514],
  ['handlers.SYSLOG_TCP_PORT', 514],
  ...Object.entries(syslogFacilities).map(([name, facility]): [string, unknown] => [
    `handlers.SysLogHandler.${name}`,
    facility,
  ]),
]);

/**
 * Configures loggers from an ini file, as `dictConfig` does from a document. Errors and result are those of
 * `dictConfig`, and the system's error where the file cannot be read.
 */
export function fileConfig(filename: string, options: FileConfigOptions = {}): Promise<void> {
  return dictConfig(fileConfigDocument(readFileSync(filename, 'utf8'), options), options);
}

/**
 * The document that an ini file stands for.
 * @throws ConfigError, whose path is the section's and the option's
 */
export function fileConfigDocument(source: string, options: FileConfigOptions = {}): ConfigDocument {
  try {
    const { defaults = {}, disableExistingLoggers = true, sections = [] } = options;
    const ini = new IniFile(source, defaults);
    const others = sections.filter((name) => ini.hasSection(name)).map((name) => [name, sectionOf(ini, name)]);
    const document = { ...new Translation(ini).document(), disable_existing_loggers: disableExistingLoggers };
    return new ConfigDocument({ ...Object.fromEntries(others), ...document }, false);
  } catch (error) {
    if (error instanceof IniError) throw new ConfigError('', error.message);
    throw error;
  }
}

type Dict = Record<string, unknown>;

function sectionOf(ini: IniFile, name: string): Dict {
  return Object.fromEntries(ini.options(name).map((option) => [option, ini.get(name, option)]));
}

class Translation {
  readonly #ini: IniFile;

  constructor(ini: IniFile) {
    this.#ini = ini;
  }

  document(): Dict {
    const loggers = this.#list('loggers', 'keys');
    if (!loggers.includes('root')) throw new ConfigError('[loggers] keys', 'root is missing');
    return {
      version: 1,
      formatters: this.#each('formatters', 'formatter', (section) => this.#formatter(section)),
      handlers: this.#each('handlers', 'handler', (section) => this.#handler(section)),
      root: this.#logger('logger_root'),
      loggers: Object.fromEntries(
        loggers
          .filter((name) => name !== 'root')
          .map((name) => [this.#required(`logger_${name}`, 'qualname'), this.#otherLogger(`logger_${name}`)]),
      ),
    };
  }

  #each(section: string, kind: string, translate: (section: string) => Dict): Dict {
    return Object.fromEntries(this.#list(section, 'keys').map((name) => [name, translate(`${kind}_${name}`)]));
  }

  #formatter(section: string): Dict {
    this.#expect(section);
    const dict: Dict = {};
    // Formats have % signs of their own, and so are not interpolated.
    for (const option of ['format', 'datefmt', 'style'] as const)
      this.#copy(dict, option, this.#ini.raw(section, option));
    const defaults = this.#ini.raw(section, 'defaults');
    if (defaults !== undefined) dict['defaults'] = this.#literal(section, 'defaults', defaults);
    this.#copy(dict, 'class', this.#ini.get(section, 'class') || undefined);
    return dict;
  }

  #handler(section: string): Dict {
    const named = this.#required(section, 'class');
    const className = handlerClasses.has(named) ? named : `logging.${named}`;
    const { positional } = handlerClasses.get(className) ?? { positional: [] };
    const dict: Dict = { class: className };
    const args = this.#literal(section, 'args', this.#ini.get(section, 'args') ?? '()');
    if (!Array.isArray(args))
      throw new ConfigError(`[${section}] args`, 'must be a tuple; one of one value has a comma');
    args.forEach((value, index) => {
      const keyword = positional[index];
      if (keyword === undefined)
        throw new ConfigError(`[${section}] args`, `${className} takes no ${args.length} of them`);
      dict[keyword] = value;
    });
    const kwargs = this.#literal(section, 'kwargs', this.#ini.get(section, 'kwargs') ?? '{}');
    if (typeof kwargs !== 'object' || kwargs === null || Array.isArray(kwargs)) {
      throw new ConfigError(`[${section}] kwargs`, 'must be a dict');
    }
    for (const [keyword, value] of Object.entries(kwargs)) {
      if (Object.hasOwn(dict, keyword)) throw new ConfigError(`[${section}] kwargs`, `${keyword} is given twice`);
      dict[keyword] = value;
    }
    this.#copy(dict, 'level', this.#ini.get(section, 'level'));
    this.#copy(dict, 'formatter', this.#ini.get(section, 'formatter') || undefined);
    if (className === 'logging.handlers.MemoryHandler') {
      this.#copy(dict, 'target', this.#ini.get(section, 'target') || undefined);
    }
    return dict;
  }

  #logger(section: string): Dict {
    this.#required(section, 'handlers');
    const dict: Dict = { handlers: this.#list(section, 'handlers') };
    this.#copy(dict, 'level', this.#ini.get(section, 'level'));
    return dict;
  }

  #otherLogger(section: string): Dict {
    const propagate = this.#ini.get(section, 'propagate') ?? '1';
    if (!/^[+-]?\d+$/.test(propagate)) throw new ConfigError(`[${section}] propagate`, 'must be a whole number');
    return { ...this.#logger(section), propagate: Number(propagate) !== 0 };
  }

  #list(section: string, option: string): string[] {
    const value = this.#required(section, option);
    return value === '' ? [] : value.split(',').map((item) => item.trim());
  }

  #required(section: string, option: string): string {
    this.#expect(section);
    const value = this.#ini.get(section, option);
    if (value === undefined) throw new ConfigError(`[${section}]`, `${option} is missing`);
    return value;
  }

  #expect(section: string): void {
    if (!this.#ini.hasSection(section)) throw new ConfigError(`[${section}]`, 'there is no such section');
  }

  #copy(dict: Dict, option: string, value: unknown): void {
    if (value !== undefined) dict[option] = value;
  }

  #literal(section: string, option: string, source: string): unknown {
    try {
      return parseLiteral(source, (name) => NAMES.get(name));
    } catch (error) {
      if (!(error instanceof LiteralError)) throw error;
      throw new ConfigError(`[${section}] ${option}`, error.message);
    }
  }
}
