// What an operator, or the owner of a sender, can do about what was rejected: one remedy for each code of the receiver's
// table. They are here, and not in it, because they name this program's flags.

import type { LikelyProtocol, SignatureFault } from '../../net/index.ts';
import { PickleError } from '../../pickle/index.ts';
import type { Rejection, RejectionCode } from '../../receiver/index.ts';

const STOCK = "logging.handlers.SocketHandler's frames belong here";

/** By what a stream seems to be that is not made of frames. */
const OF_PROTOCOLS: Readonly<Record<LikelyProtocol, string>> = {
  tls: 'the sender speaks TLS to a plain port; let it send to a tls:// listener (--listen), or without TLS',
  http: `${STOCK}; /metrics, /health and /ready are on the port of --metrics`,
  json: `${STOCK}; what sends JSON lines needs another collector`,
  syslog: `${STOCK}; what sends syslog needs a syslog daemon`,
  pickle: `${STOCK}; before each pickle goes its length in 4 bytes, as makePickle() does it`,
  text: `${STOCK}; find out what sends text here`,
  unknown: `${STOCK}; find out what sends here`,
};

const OF_JSON = "the sender's frames hold JSON; let its makePickle() be SocketHandler's own";

const OF_SIGNATURES: Readonly<Record<SignatureFault, string>> = {
  unsigned: 'the sender needs SignedSocketHandler of picklewire_handlers.py, with a key of --hmac-key',
  'no-keys': 'serve with --hmac-key',
  'unknown-key': "add the sender's key to the file of --hmac-key, and send SIGHUP",
  'bad-signature': 'it was changed on its way, or is a forgery',
  'too-old': 'set the clocks of both machines, by NTP say',
  'from-the-future': 'set the clocks of both machines, by NTP say',
  replayed: 'copies of frames that were sent before arrive: find out what sends them',
};

/** A sentence's end; one that depends on more than the code; or null where the message says all there is to say. */
type Remedy = string | null | ((rejection: Rejection) => string | null);

const REMEDIES: Readonly<Record<RejectionCode, Remedy>> = {
  ERR_PEER_NOT_ALLOWED: 'add its address with --allow-from if it may send',
  ERR_PEER_LIMIT:
    'raise --max-connections or --max-connections-per-address, and the limit of open files (ulimit -n) above them, or ' +
    'find out who connects so often',
  ERR_TLS_HANDSHAKE:
    'senders need TLSSocketHandler of picklewire_handlers.py, the authority of --tls-cert, and with --tls-ca a certificate of that',
  ERR_FRAME_LENGTH: ({ protocol }) => OF_PROTOCOLS[protocol ?? 'unknown'],
  ERR_FRAME_IDLE_TIMEOUT: 'the sender or its network hangs; raise --frame-timeout if it is only slow',
  ERR_FRAME_OVERSIZE: 'raise --max-frame if such records are wanted',
  ERR_FRAME_MEMORY: 'raise --max-unfinished or --max-unfinished-per-address if large records are wanted',
  ERR_FRAME_SIGNATURE: ({ signature }) => (signature === null ? null : OF_SIGNATURES[signature]),
  ERR_DATAGRAM: "logging.handlers.DatagramHandler's datagrams belong here",
  ERR_PICKLE_TRUNCATED: null,
  ERR_PICKLE_OPCODE: ({ error }) => (isJson(error) ? OF_JSON : null),
  ERR_PICKLE_STACK: null,
  ERR_PICKLE_MARK: null,
  ERR_PICKLE_MEMO: null,
  ERR_PICKLE_TYPE: null,
  ERR_PICKLE_ARGUMENT: null,
  ERR_PICKLE_TEXT: null,
  ERR_PICKLE_FRAME: null,
  ERR_PICKLE_FORBIDDEN_GLOBAL: 'if it is known, keep it as data with --allow module:name, or all with --globals inert',
  ERR_PICKLE_CONSTRUCTOR: null,
  ERR_PICKLE_PERSISTENT_ID: null,
  ERR_PICKLE_EXTENSION: null,
  ERR_PICKLE_BUFFER: null,
  ERR_PICKLE_UNPICKLABLE: null,
  ERR_PICKLE_LIMIT: null,
  ERR_RECORD_NOT_A_DICT: 'a SocketHandler sends dicts: find out what sends here',
  ERR_RECORD_FIELD: null,
  ERR_RECORD: null,
  ERR_RECORD_LISTENER: null,
};

/** What to do about a rejection; null where the message says all there is to say. */
export function remedyFor(rejection: Rejection): string | null {
  const remedy = REMEDIES[rejection.code];
  return typeof remedy === 'function' ? remedy(rejection) : remedy;
}

/** Whether a payload began with `{` or `[`, which are no opcodes: so a frame of JSON does. */
function isJson(error: unknown): boolean {
  if (!(error instanceof PickleError) || error.code !== 'ERR_PICKLE_OPCODE' || error.offset !== 0) return false;
  return /^0x[57]b /.test(error.reason);
}
