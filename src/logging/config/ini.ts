// The ini files of Python's configparser, with its default rules: sections, options, continuation lines, comments, the
// DEFAULT section, and %(name)s in values.

/** An ini file that cannot be read; `line` counts from 1. */
export class IniError extends Error {
  override readonly name: string = 'IniError';
}

/** Options by name, in small letters. */
type Options = Map<string, string>;

const SECTION = /^\[(.+)\]/;
const OPTION = /^(.*?)\s*(?:[=:])\s*(.*)$/;
const INTERPOLATION_DEPTH_MAX = 10;

/** An ini file, read (`configparser.ConfigParser` in CPython's Lib/configparser.py). */
export class IniFile {
  readonly #defaults: Options;
  readonly #sections: ReadonlyMap<string, Options>;

  /**
   * @param defaults options of the DEFAULT section, which the file's own replace
   * @throws IniError naming the line
   */
  constructor(source: string, defaults: Readonly<Record<string, string>> = {}) {
    this.#defaults = new Map(Object.entries(defaults).map(([name, value]) => [name.toLowerCase(), value]));
    this.#sections = parse(source, this.#defaults);
  }

  hasSection(section: string): boolean {
    return this.#sections.has(section);
  }

  /** The names of a section's own options; none where there is no such section. */
  options(section: string): string[] {
    return [...(this.#sections.get(section)?.keys() ?? [])];
  }

  /** The value of an option as it stands there, or undefined. */
  raw(section: string, option: string): string | undefined {
    return (
      this.#sections.get(section)?.get(option) ?? (this.hasSection(section) ? this.#defaults.get(option) : undefined)
    );
  }

  /**
   * The value of an option with each `%(name)s` replaced by that option's value, and `%%` by `%`.
   * @throws IniError for a `%` that is neither, a name that is not there, and names that go in circles
   */
  get(section: string, option: string): string | undefined {
    const value = this.raw(section, option);
    return value === undefined ? undefined : this.#interpolate(section, option, value, 1);
  }

  #interpolate(section: string, option: string, value: string, depth: number): string {
    if (depth > INTERPOLATION_DEPTH_MAX) throw new IniError(`[${section}] ${option}: %(…)s goes in circles`);
    return value.replace(/%(?:%|\(([^)]+)\)s|)/g, (found, name: string | undefined) => {
      if (found === '%%') return '%';
      if (name === undefined) throw new IniError(`[${section}] ${option}: % must be followed by % or (, as %%`);
      const inner = this.raw(section, name.toLowerCase());
      if (inner === undefined) throw new IniError(`[${section}] ${option}: there is no option ${name}`);
      return inner.includes('%') ? this.#interpolate(section, option, inner, depth + 1) : inner;
    });
  }
}

function parse(source: string, defaults: Options): Map<string, Options> {
  const sections = new Map<string, Options>();
  let options: Options | null = null;
  /** The lines of the option that is being read, and how far its name was indented. */
  let lines: string[] | null = null;
  let indent = 0;
  const open: { options: Options; name: string; lines: string[] }[] = [];
  const seen = new Set<string>();
  let sectionName = '';

  source.split(/\r\n|\r|\n/).forEach((line, index) => {
    const fail = (reason: string): IniError => new IniError(`line ${index + 1}: ${reason}`);
    const content = line.trim();
    if (/^[#;]/.test(content)) return;
    if (content === '') {
      // An empty line is part of a value that goes on after it.
      lines?.push('');
      return;
    }
    const column = line.search(/\S/);
    if (lines !== null && column > indent) {
      lines.push(content);
      return;
    }
    lines = null;
    indent = column;
    const header = SECTION.exec(content);
    if (header !== null) {
      sectionName = header[1] as string;
      if (sectionName === 'DEFAULT') {
        options = defaults;
      } else {
        if (sections.has(sectionName)) throw fail(`the section [${sectionName}] is there already`);
        options = new Map();
        sections.set(sectionName, options);
      }
      return;
    }
    if (options === null) throw fail('there is no section yet');
    const match = OPTION.exec(content);
    const name = match?.[1]?.toLowerCase().trimEnd();
    if (match === null || !name) throw fail('this is neither a section nor an option with a value');
    if (seen.has(`${sectionName}]${name}`)) throw fail(`[${sectionName}] has ${name} already`);
    seen.add(`${sectionName}]${name}`);
    lines = [match[2] as string];
    open.push({ options, name, lines });
  });

  for (const option of open) option.options.set(option.name, option.lines.join('\n').trimEnd());
  return sections;
}
