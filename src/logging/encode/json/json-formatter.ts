// Events as JSON, one object to a line, by the table of a profile.

import { LoggingError } from '../../errors.ts';
import type { LogEvent } from '../../event/log-event.ts';
import type { LogRecord } from '../../event/log-record.ts';
import { setMessage } from '../../event/plain-message.ts';
import { Formatter } from '../../formatter.ts';
import { isTrue } from '../../text/python-types.ts';
import type { LineBuffer } from '../line-buffer.ts';
import { ScratchLine } from '../scratch-line.ts';
import { ecsProfile } from './ecs.ts';
import { JsonLine } from './json-line.ts';
import type { Member } from './member.ts';
import { otelProfile } from './otel.ts';
import { pinoProfile } from './pino.ts';
import { pythonProfile } from './python.ts';
import { SizeBudget } from './size-budget.ts';

/** Whose names and units a JsonFormatter writes. */
export type JsonProfile = 'python' | 'pino' | 'ecs' | 'otel';

const PROFILES: Readonly<Record<JsonProfile, readonly Member[]>> = {
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
  readonly #profile: readonly Member[];
  readonly #budget: SizeBudget;
  readonly #json: JsonLine;
  readonly #scratch: ScratchLine = new ScratchLine();
  /** Whether lines are written of frames: a subclass is given every record. */
  readonly #takesFrames: boolean;
  readonly #isOwn: boolean;

  /** @throws LoggingError `ERR_CONFIG` for a profile that does not exist */
  constructor({ profile = 'python', maxLength = DEFAULT_MAX_LENGTH }: JsonFormatterOptions = {}) {
    super();
    if (!Object.hasOwn(PROFILES, profile)) {
      throw new LoggingError('ERR_CONFIG', `there is no JSON profile ${profile}, only ${jsonProfiles.join(', ')}`);
    }
    this.#profile = PROFILES[profile];
    this.#budget = new SizeBudget(maxLength);
    this.#json = new JsonLine(this.#budget);
    this.#isOwn = new.target === JsonFormatter;
    // No frame whose fields are known without decoding is so long that its line could be cut.
    this.#takesFrames = this.#isOwn && maxLength >= DEFAULT_MAX_LENGTH;
  }

  /**
   * The record as one line of JSON. Sets the record's `message`, and where it has only an `exc_info` its `exc_text`, as
   * every Formatter does. What cannot be formatted stands there as it came, and does not cost the record.
   */
  override format(record: LogRecord): string {
    const line = this.#scratch.open();
    this.#writeRecord(record, line);
    return line.toString();
  }

  override encode(event: LogEvent, line: LineBuffer): void {
    const { frame } = event;
    if (!this.#isOwn || !line.isUtf8) this.encodeText(event, line);
    else if (this.#takesFrames && frame !== null && setMessage(frame)) {
      this.#budget.reset();
      this.#json.write(this.#profile, event, null, line);
    } else {
      this.#writeRecord(event.record(), line);
    }
  }

  #writeRecord(record: LogRecord, line: LineBuffer): void {
    const { msg, exc_info: excInfo } = record;
    this.#budget.reset();
    const message = attempt(() => record.getMessage()) ?? (typeof msg === 'string' ? msg : this.#budget.json(msg));
    record.message = message;
    if (!record.exc_text && isTrue(excInfo)) {
      record.exc_text = attempt(() => this.formatException(excInfo)) ?? this.#budget.json(excInfo);
    }
    // What was called for these texts may have written a line of its own in the same place.
    line.restart();
    this.#json.write(this.#profile, record, message, line);
  }
}

/** A text; null where it cannot be made. */
function attempt(make: () => string): string | null {
  try {
    return make();
  } catch {
    return null;
  }
}
