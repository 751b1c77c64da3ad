// Ini files and Python literals, against what Python's configparser and its parser made of the same texts.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IniError, IniFile } from '../../../src/logging/config/ini.ts';
import { LiteralError, parseLiteral } from '../../../src/logging/config/literal.ts';

function cases<T>(file: string): [source: string, expected: T | null][] {
  const lines = readFileSync(join(import.meta.dirname, 'data', file), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as [string, T | null]);
}

type Sections = Record<string, Record<string, [raw: string, value: string | null]>>;

describe('an ini file', () => {
  const all = cases<Sections>('ini.jsonl');

  test('reads as in configparser: sections, options, raw and interpolated values, or an error', () => {
    expect(all.length).toBeGreaterThan(1000);
    for (const [source, expected] of all) expect([source, sectionsOf(source, expected)]).toEqual([source, expected]);
  });

  function sectionsOf(source: string, expected: Sections | null): Sections | null {
    let file: IniFile;
    try {
      file = new IniFile(source, { dflt: 'from outside' });
    } catch (error) {
      if (error instanceof IniError) return null;
      throw error;
    }
    // The names are the expected ones: an IniFile is asked for options, and lists none.
    const sections: Sections = {};
    for (const [section, options] of Object.entries(expected ?? {})) {
      if (!file.hasSection(section)) continue;
      sections[section] = {};
      for (const option of Object.keys(options)) {
        const raw = file.raw(section, option);
        if (raw !== undefined) sections[section][option] = [raw, interpolated(file, section, option)];
      }
    }
    return sections;
  }

  function interpolated(file: IniFile, section: string, option: string): string | null {
    try {
      return file.get(section, option) ?? null;
    } catch (error) {
      if (error instanceof IniError) return null;
      throw error;
    }
  }

  test('names the line that it cannot read', () => {
    expect(() => new IniFile('[a]\nx = 1\n\nnonsense')).toThrow(/^line 4: /);
  });
});

describe('a literal', () => {
  const names = new Map<string, unknown>([
    ['sys.stdout', '<sys.stdout>'],
    ['sys.stderr', '<sys.stderr>'],
    ['DEBUG', 10],
    ['ERROR', 40],
    ['handlers.DEFAULT_TCP_LOGGING_PORT', 9020],
    ['handlers.SysLogHandler.LOG_USER', 1],
  ]);

  test('has the value that it has in Python; whatever is no literal is refused, and evaluated never', () => {
    const all = cases<[unknown]>('literals.jsonl');
    expect(all.length).toBeGreaterThan(1000);
    for (const [source, expected] of all) expect([source, literalOf(source)]).toEqual([source, expected]);
  });

  function literalOf(source: string): [unknown] | null {
    try {
      return [parseLiteral(source, (name) => names.get(name))];
    } catch (error) {
      if (error instanceof LiteralError) return null;
      throw error;
    }
  }

  test('may nest, but not without end', () => {
    expect(() => parseLiteral('('.repeat(100_000), () => undefined)).toThrow(LiteralError);
  });
});
