// Formatters and filters of a configuration.

import { JsonFormatter, type JsonProfile, jsonProfiles } from '../encode/json/json-formatter.ts';
import type { RecordFilter } from '../filter.ts';
import { Filter } from '../filter.ts';
import { Formatter } from '../formatter.ts';
import { boolean, nullable, type Reader, type Section, section, text, wrongType } from './section.ts';

const profile: Reader<JsonProfile> = (value, path) => {
  const known = jsonProfiles.find((each) => each === value);
  if (known === undefined) throw wrongType(path, `one of ${jsonProfiles.join(', ')}`, value);
  return known;
};

function makeJsonFormatter(keywords: Section): Formatter {
  return new JsonFormatter({ profile: keywords.read('profile', profile) ?? 'python' });
}

/** `format` is the key of a formatter's section, and `fmt` the name of the argument, which a `()` takes as well. */
function makeFormatter(keywords: Section, formatKeys: readonly string[]): Formatter {
  const [format] = formatKeys.flatMap((key) => keywords.read(key, nullable(text)) ?? []);
  const datefmt = keywords.read('datefmt', nullable(text)) ?? null;
  const style = keywords.read('style', text) ?? '%';
  const validate = keywords.read('validate', boolean) ?? true;
  const defaults = keywords.read('defaults', nullable(section)) ?? null;
  return new Formatter(
    format ?? null,
    datefmt,
    style,
    validate,
    defaults === null ? {} : { defaults: valuesOf(defaults) },
  );
}

function valuesOf(dict: Section): Map<string, unknown> {
  return new Map(dict.names.map((name) => [name, dict.require(name, (value) => value)]));
}

/** What stands under `class` in a formatter's section: the keys of the section are Python's for every class. */
export const formatterClasses: ReadonlyMap<string, (keywords: Section) => Formatter> = new Map([
  ['logging.Formatter', (keywords: Section) => makeFormatter(keywords, ['format'])],
  ['picklewire.JsonFormatter', makeJsonFormatter],
]);

/** What stands under `()` in a formatter's section: the keys are the arguments'. */
export const formatterFactories: ReadonlyMap<string, (keywords: Section) => Formatter> = new Map([
  ['logging.Formatter', (keywords: Section) => makeFormatter(keywords, ['fmt', 'format'])],
  ['picklewire.JsonFormatter', makeJsonFormatter],
]);

/** What stands under `()` in a filter's section; without one, a `logging.Filter` is meant. */
export const filterFactories: ReadonlyMap<string, (keywords: Section) => RecordFilter> = new Map([
  ['logging.Filter', (keywords: Section) => new Filter(keywords.read('name', text) ?? '')],
]);
