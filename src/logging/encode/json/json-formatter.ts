// Records as JSON, one object to a line. Knows the profiles' names, and nothing of their fields.

import { LoggingError } from '../../errors.ts';
import type { LogRecord } from '../../event/log-record.ts';
import { hasPlainMessage, type RawLine, type RawRecord } from '../../event/raw-record.ts';
import { Formatter } from '../../formatter.ts';
import { isTrue } from '../../text/python-types.ts';
import { ecsProfile } from './ecs.ts';
import { NameMembers } from './member-cache.ts';
import { otelProfile } from './otel.ts';
import { pinoProfile } from './pino.ts';
import type { Profile } from './profile.ts';
import { pythonProfile } from './python.ts';
import { RawNames, writePythonLine } from './python-raw.ts';
import { Room } from './room.ts';

/** Whose names and units a JsonFormatter writes. */
export type JsonProfile = 'python' | 'pino' | 'ecs' | 'otel';

const PROFILES: Readonly<Record<JsonProfile, Profile>> = {
  python: pythonProfile,
  pino: pinoProfile,
  ecs: ecsProfile,
  otel: otelProfile,
};

/** The names of all profiles. */
export const jsonProfiles: readonly JsonProfile[] = Object.keys(PROFILES) as JsonProfile[];

/** Options of a JsonFormatter. */
export interface JsonFormatterOptions {
  /** Default `python`. */
  readonly profile?: JsonProfile;
  /**
   * The room for all values of one record together, in UTF-16 units of text before it is escaped; a unit of any other
   * JSON counts as 16, for the time that it takes. Each value may take half of what is left. A text that finds no room
   * is cut and ends in `…`; in the place of any other value stands `{"$limit":…}`. Default 32 Mi.
   */
  readonly maxLength?: number;
}

const DEFAULT_MAX_LENGTH = 32 * 1024 * 1024;

/**
 * Turns each record into one line of JSON, whatever it holds: no line end, no control character and no lone surrogate
 * is in it. Which members there are, and in which units, the profiles say; `docs/json.md` lists them. A field that is
 * None is left out. Values are written by the mapping of `toJSON`, in which `{"$ref":…}` counts from the value.
 */
export class JsonFormatter extends Formatter {
  readonly #profile: Profile;
  readonly #maxLength: number;
  readonly #names: NameMembers = new NameMembers();
  /** Null where records are to be decoded. */
  readonly #rawNames: RawNames | null;

  /** @throws LoggingError `ERR_CONFIG` for a profile that does not exist */
  constructor({ profile = 'python', maxLength = DEFAULT_MAX_LENGTH }: JsonFormatterOptions = {}) {
    super();
    if (!Object.hasOwn(PROFILES, profile)) {
      throw new LoggingError('ERR_CONFIG', `there is no JSON profile ${profile}, only ${jsonProfiles.join(', ')}`);
    }
    this.#profile = PROFILES[profile];
    this.#maxLength = maxLength;
    // No record that comes undecoded is so long that its line could be cut.
    this.#rawNames = profile === 'python' && maxLength >= DEFAULT_MAX_LENGTH ? new RawNames() : null;
  }

  /**
   * The record as one line of JSON. Sets the record's `message`, and where it has only an `exc_info` its `exc_text`, as
   * every Formatter does. What cannot be formatted stands there as it came, and does not cost the record.
   */
  override format(record: LogRecord): string {
    const room = new Room(this.#maxLength, this.#names);
    const { msg, exc_info: excInfo } = record;
    const message = attempt(() => record.getMessage()) ?? (typeof msg === 'string' ? msg : room.json(msg));
    record.message = message;
    if (!record.exc_text && isTrue(excInfo)) {
      record.exc_text = attempt(() => this.formatException(excInfo)) ?? room.json(excInfo);
    }
    return this.#profile(record, message, room);
  }

  override get writesRaw(): boolean {
    return this.#rawNames !== null && this.format === ownFormat && this.formatException === ownFormatException;
  }

  override formatRaw(raw: RawRecord, line: RawLine): boolean {
    const names = this.writesRaw ? this.#rawNames : null;
    return names !== null && hasPlainMessage(raw) && writePythonLine(raw, line, names);
  }
}

const { format: ownFormat, formatException: ownFormatException } = JsonFormatter.prototype;

/** A text; null where it cannot be made. */
function attempt(make: () => string): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}
