// A record as the bytes that Python's SocketHandler and DatagramHandler send of it, and what else the two handlers share.

import { pickle, repr } from '../../pickle/index.ts';
import { LoggingError } from '../errors.ts';
import type { LogRecord } from '../event/log-record.ts';
import { recordDict } from '../event/record-dict.ts';
import type { Formatter } from '../formatter.ts';

/** Longer frames are taken for another protocol by picklewire's own receiver. */
const PICKLE_BYTES_MAX = 2 ** 24 - 1;

/** Of the text that stands for a value, in UTF-16 units. */
const TEXT_UNITS_MAX = 64 * 1024;

/**
 * Python's `SocketHandler.makePickle`: the record's attributes as a dict, with the message formatted into `msg`, `args`
 * and `exc_info` None, and a prefix of four bytes that is the pickle's length. A value that `pickle` refuses (an inert
 * object, say) is sent as its repr(): no pickle that names a stranger's class leaves here.
 *
 * @param formatter asked for the record's text first, where the record has an `exc_info` and no `exc_text`: making one
 *   of the other is a formatter's work
 * @throws FormatError where message and arguments do not fit; PickleError `ERR_PICKLE_LIMIT` over 16 MiB
 */
export function framedPickle(record: LogRecord, formatter: Formatter | null, protocol: number): Uint8Array {
  if (record.exc_info !== null && record.exc_text === null) formatter?.format(record);
  // The message is in `msg` already; what else an earlier formatter has set stays, as in Python.
  const dict = recordDict(record).set('msg', record.getMessage()).set('args', null).set('exc_info', null);
  dict.delete('message');

  const body = pickle(dict, { protocol, maxBytes: PICKLE_BYTES_MAX, fallback: textOf });
  const frame = new Uint8Array(4 + body.length);
  new DataView(frame.buffer).setUint32(0, body.length);
  frame.set(body, 4);
  return frame;
}

/** @throws LoggingError `ERR_CONFIG` for a number that is no port to send to */
export function checkPort(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new LoggingError('ERR_CONFIG', `${port} is no port`);
  return port;
}

/** @throws LoggingError `ERR_CONFIG` for a pickle protocol that does not exist */
export function checkProtocol(protocol: number): number {
  if (Number.isInteger(protocol) && protocol >= 0 && protocol <= 5) return protocol;
  throw new LoggingError('ERR_CONFIG', `there is no pickle protocol ${protocol}`);
}

/** The repr() of a decoded value; of any other, what JavaScript has for it. */
function textOf(value: unknown): string {
  try {
    return repr(value, { maxLength: TEXT_UNITS_MAX });
  } catch {
    return String(value).slice(0, TEXT_UNITS_MAX);
  }
}
