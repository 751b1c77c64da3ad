// The file of a configuration: JSON, YAML or ini, as the document of a dictConfig that can be used. Opens nothing else.

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseDocument, type Tags } from 'yaml';
import { ConfigDocument, ConfigError, checkConfig, fileConfigDocument, type Plan } from '../../logging/index.ts';
import { CommandFailure, failure } from '../command-failure.ts';
import { FileSettingError, parseFileSettings } from './settings.ts';

/** How often anchors may be repeated, which keeps a small file from becoming a large document. */
const ALIASES_MAX = 100;

/** A configuration that was read, and what it would make. */
export interface ReadConfig {
  readonly document: ConfigDocument;
  readonly plan: Plan;
  /** The section of `serve`'s own settings as it stands there, and their values: see `parseFileSettings`. */
  readonly section: object;
  readonly settings: ReadonlyMap<string, unknown>;
}

/** The key of that section, which Python's logging ignores. */
const SECTION = 'picklewire';

/**
 * Reads a configuration, and finds out whether it can be used: `.json`, `.yaml` or `.yml`, and `.ini`, `.cfg` or
 * `.conf` by their names, others by how they begin.
 * @throws CommandFailure with the file's name and, where there is one, the line or the place in the document
 */
export function readConfigFile(path: string): ReadConfig {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    throw failure('cannot read the configuration', error);
  }
  try {
    const document = parse(path, source);
    const plan = checkConfig(document);
    const section = (document.root as { [SECTION]?: unknown })[SECTION] ?? {};
    const ignored = plan.ignored.filter((name) => name !== SECTION);
    return { document, plan: { ...plan, ignored }, section, settings: parseFileSettings(section) };
  } catch (error) {
    throw failureIn(path, error);
  }
}

/** What is wrong with the file of a configuration; errors that are not the file's stay what they are. */
export function failureIn(path: string, error: unknown): unknown {
  const isOfFile = error instanceof ConfigError || error instanceof ParseError || error instanceof FileSettingError;
  return isOfFile ? new CommandFailure(`${path}: ${error.message}`) : error;
}

class ParseError extends Error {}

function parse(path: string, source: string): ConfigDocument {
  switch (kindOf(path, source)) {
    case 'json':
      return new ConfigDocument(parseJson(source));
    case 'ini':
      return fileConfigDocument(source, { sections: [SECTION] });
    case 'yaml':
      return new ConfigDocument(parseYaml(source));
  }
}

function kindOf(path: string, source: string): 'json' | 'ini' | 'yaml' {
  switch (extname(path).toLowerCase()) {
    case '.json':
      return 'json';
    case '.yaml':
    case '.yml':
      return 'yaml';
    case '.ini':
    case '.cfg':
    case '.conf':
      return 'ini';
    default: {
      const [start] = /^(?:\s|[#;].*\n)*([[{]?)/.exec(source)?.slice(1) ?? [];
      return start === '{' ? 'json' : start === '[' ? 'ini' : 'yaml';
    }
  }
}

function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const { message } = error as SyntaxError;
    const line = source.slice(0, errorOffset(source, message)).split('\n').length;
    // What follows says where, as far as it goes, or shows some of the source.
    const reason = message.replace(/(?:, (?:\.\.\.)?"| in JSON| after JSON| at position).*$/s, '');
    throw new ParseError(`line ${line}: ${reason}`);
  }
}

/** How far JSON can be read, in UTF-16 units. */
function errorOffset(source: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!message.startsWith(UNEXPECTED)) return source.length;
  // V8 does not say where such a token is: it is the end of the shortest beginning that fails in the same way.
  let [good, bad] = [0, source.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (failsAt(source.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

const UNEXPECTED = 'Unexpected token';

function failsAt(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith(UNEXPECTED);
  }
}

/** YAML 1.1 with the plain values of Python's PyYAML: `no` is false, `n` and `1e3` are text. */
function parseYaml(source: string): unknown {
  const document = parseDocument(source, {
    version: '1.1',
    merge: true,
    prettyErrors: true,
    customTags: (tags: Tags) => tags.map(asPyYaml),
  });
  // A tag that is not known is a warning, and its value text; PyYAML refuses it, or runs what it names.
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new ParseError(error.message.split('\n')[0]);
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (reason) {
    throw new ParseError((reason as Error).message);
  }
}

/** What PyYAML takes for a value of a type: less than YAML 1.1 does. */
const PLAIN_VALUES: Readonly<Record<string, RegExp>> = {
  'tag:yaml.org,2002:bool': /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  'tag:yaml.org,2002:int': /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*(?::[0-5]?\d)*)$/,
  'tag:yaml.org,2002:float':
    /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
};

function asPyYaml(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || !('test' in tag) || tag.test === undefined) return tag;
  const plain = PLAIN_VALUES[tag.tag];
  if (plain === undefined) return tag;
  return { ...tag, test: new RegExp(`(?=${plain.source})${tag.test.source}`) } as Tags[number];
}
