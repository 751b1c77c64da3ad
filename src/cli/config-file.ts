// The file of `--config`: JSON, YAML or ini, as the document of a dictConfig. Knows what is in none of them.

import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parseDocument, type Tags } from 'yaml';
import { ConfigDocument, ConfigError, fileConfigDocument } from '../logging/index.ts';
import { CommandFailure, failure } from './failure.ts';

/** How often anchors may be repeated, which keeps a small file from becoming a large document. */
const MAX_ALIASES = 100;

/**
 * Reads a configuration: `.json`, `.yaml` or `.yml`, and `.ini`, `.cfg` or `.conf` by their names, others by how they
 * begin.
 * @throws CommandFailure with the file's name and, where there is one, the line
 */
export function readConfigFile(path: string): ConfigDocument {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    throw failure('cannot read the configuration', error);
  }
  try {
    switch (kindOf(path, source)) {
      case 'json':
        return new ConfigDocument(JSON.parse(source));
      case 'ini':
        return fileConfigDocument(source);
      case 'yaml':
        return new ConfigDocument(parseYaml(source));
    }
  } catch (error) {
    if (error instanceof ConfigError || error instanceof SyntaxError || error instanceof YamlError) {
      throw new CommandFailure(`${path}: ${error.message}`);
    }
    throw error;
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

class YamlError extends Error {}

/** YAML 1.1, as Python's PyYAML reads it (`propagate: no` is false), but without its `y` and `n`, which PyYAML leaves. */
function parseYaml(source: string): unknown {
  const document = parseDocument(source, {
    version: '1.1',
    merge: true,
    prettyErrors: true,
    customTags: (tags: Tags) => tags.map(withoutLetters),
  });
  const [error] = document.errors;
  if (error !== undefined) throw new YamlError(error.message.split('\n')[0]);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (reason) {
    throw new YamlError((reason as Error).message);
  }
}

function withoutLetters(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool' || !('test' in tag) || !tag.test) return tag;
  return { ...tag, test: tag.test.test('yes') || tag.test.test('Yes') ? TRUE : FALSE } as Tags[number];
}

const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
