// What a scan reports, and the lists that it is gathered in. Knows no opcode.

import type { PickleErrorCode } from '../errors.ts';
import { type AllowedGlobal, python3Name } from '../globals.ts';

/** One place where a pickle names a class or a function. */
export interface GlobalFinding {
  /** As the pickle spells it: `__builtin__` is not turned into `builtins`. Null where it cannot be known. */
  readonly module: string | null;
  readonly name: string | null;
  /** Why `module` or `name` is null, or null: an operand that is no str, an extension code that is not registered, … */
  readonly unresolved: string | null;
  /** GLOBAL, STACK_GLOBAL, INST or EXT1, 2, 4; or the opcode that calls `getattr` of another global and a str. */
  readonly opcode: string;
  /** The code of EXT1, EXT2 or EXT4; else null. */
  readonly extension: number | null;
  /** Offset of that opcode in bytes, from the start of the data or stream. */
  readonly offset: number;
  /** Which pickle of a concatenation it is in, counted from 0. */
  readonly pickle: number;
  /** Whether the allow-list has it, under its Python 2 or its Python 3 name. */
  readonly allowed: boolean;
  /** Whether REDUCE, INST, OBJ, NEWOBJ or NEWOBJ_EX calls it. */
  readonly called: boolean;
  /** The arguments of the first of these calls, as Python shows them, in about 80 characters; null without a call. */
  readonly argumentPreview: string | null;
  /** Whether BUILD, APPEND, APPENDS, SETITEM, SETITEMS or ADDITEMS changes it, or what a call of it returned. */
  readonly mutated: boolean;
}

/** A PERSID or BINPERSID: an object that the receiving application is asked for. */
export interface PersistentIdFinding {
  readonly opcode: string;
  readonly offset: number;
  readonly pickle: number;
  /** The id as Python shows it, in about 80 characters. */
  readonly preview: string;
}

/** What an unpickler would stop at. */
export interface ScanProblem {
  readonly code: PickleErrorCode;
  readonly message: string;
  /** The opcode at that offset; null where the byte is none, or the data ended before one. */
  readonly opcode: string | null;
  readonly offset: number;
  readonly pickle: number;
}

export interface ScanReport {
  /** Ordered by offset. */
  readonly globals: readonly GlobalFinding[];
  readonly persistentIds: readonly PersistentIdFinding[];
  /** Whole pickles. */
  readonly pickles: number;
  /** Where the opcodes end before a STOP does: nothing after it was scanned. Null for pickles that are whole. */
  readonly broken: ScanProblem | null;
  /** Errors of stack, marks, memo and frames that the scan has gone past, ordered by offset. */
  readonly problems: readonly ScanProblem[];
  /** Whether a limit has kept something out of this report: an entry of its lists, or a name. */
  readonly truncated: boolean;
}

/** Where in the pickles the scan is. */
export interface Site {
  readonly opcode: string | null;
  readonly offset: number;
  readonly pickle: number;
}

/** A finding while the scan may still learn more of it. */
export type OpenFinding = { -readonly [Key in keyof GlobalFinding]: GlobalFinding[Key] };

/** Why a name cannot be known, and whether that is because of a limit. */
export interface Gap {
  readonly why: string;
  readonly overLimit: boolean;
}

/** A global as an opcode names it. */
export interface NamedGlobal {
  readonly module: string | null;
  readonly name: string | null;
  /** Where one of them is null. */
  readonly gap: Gap | null;
  readonly extension: number | null;
}

/** The lists of a report while they grow. The same thing found again at the same offset is listed once. */
export class Findings {
  truncated = false;
  readonly #most: number;
  readonly #allowed: ReadonlySet<string>;
  readonly #globals: Map<string, OpenFinding> = new Map();
  #allowedCount = 0;
  readonly #persistentIds: Map<number, PersistentIdFinding> = new Map();
  readonly #problems: Map<string, ScanProblem> = new Map();
  /** Spares the work for another one: a hostile pickle can have a problem in every byte. */
  #problemsFull = false;

  constructor(allow: Iterable<AllowedGlobal>, most: number) {
    this.#allowed = new Set(Array.from(allow, ({ module, name }) => python3Key(module, name)));
    this.#most = most;
  }

  /**
   * Lists a global; null where the list is full. What is allowed and what is not are counted apart, so that no number
   * of harmless names can push a harmful one out.
   */
  global(site: Site, named: NamedGlobal): OpenFinding | null {
    const { module, name, gap, extension } = named;
    if (gap?.overLimit === true) this.truncated = true;
    const key = JSON.stringify([site.offset, module, name]);
    const known = this.#globals.get(key);
    if (known !== undefined) return known;
    const allowed = module !== null && name !== null && this.#allowed.has(python3Key(module, name));
    if (this.#full(allowed ? this.#allowedCount : this.#globals.size - this.#allowedCount)) return null;
    if (allowed) this.#allowedCount++;
    const finding: OpenFinding = {
      module,
      name,
      unresolved: gap?.why ?? null,
      opcode: site.opcode as string,
      extension,
      offset: site.offset,
      pickle: site.pickle,
      allowed,
      called: false,
      argumentPreview: null,
      mutated: false,
    };
    this.#globals.set(key, finding);
    return finding;
  }

  persistentId(site: Site, preview: string): void {
    if (this.#persistentIds.has(site.offset) || this.#full(this.#persistentIds.size)) return;
    this.#persistentIds.set(site.offset, { ...site, opcode: site.opcode as string, preview });
  }

  problem(site: Site, code: PickleErrorCode, message: string): void {
    if (this.#problemsFull) return;
    const key = `${site.offset} ${code}`;
    if (this.#problems.has(key)) return;
    this.#problemsFull = this.#full(this.#problems.size);
    if (!this.#problemsFull) this.#problems.set(key, { ...site, code, message });
  }

  report(pickles: number, broken: ScanProblem | null): ScanReport {
    return {
      globals: byOffset(this.#globals.values()),
      persistentIds: byOffset(this.#persistentIds.values()),
      pickles,
      broken,
      problems: byOffset(this.#problems.values()),
      truncated: this.truncated,
    };
  }

  #full(count: number): boolean {
    if (count < this.#most) return false;
    this.truncated = true;
    return true;
  }
}

function byOffset<T extends { readonly offset: number }>(findings: Iterable<T>): T[] {
  return [...findings].sort((a, b) => a.offset - b.offset);
}

/** One text for both spellings of a name. */
function python3Key(module: string, name: string): string {
  const spelled = python3Name(module, name);
  return JSON.stringify([spelled.module, spelled.name]);
}
