// A table of protocols by their first four bytes: names what a stream seems to be when these are no frame length.

/** What a stream that is not made of frames most likely carries. */
export type LikelyProtocol = 'tls' | 'http' | 'json' | 'syslog' | 'pickle' | 'text' | 'unknown';

interface Signature {
  readonly protocol: LikelyProtocol;
  /** As it stands in a sentence: "this looks like …". */
  readonly label: string;
  /** The first four bytes, one character each. */
  readonly matches: (head: string) => boolean;
}

// The first row that matches wins, so that the general ones come last.
const signatures: readonly Signature[] = [
  // RFC 8446, 5.1: a handshake record (22), then the legacy version 3.x.
  { protocol: 'tls', label: 'a TLS handshake', matches: (head) => head.startsWith('\x16\x03') },
  // RFC 9110, 9: the methods. PRI opens HTTP/2 (RFC 9113, 3.4).
  {
    protocol: 'http',
    label: 'an HTTP request',
    matches: (head) => /^(?:GET |HEAD|POST|PUT |DELE|CONN|OPTI|TRAC|PATC|PRI )/.test(head),
  },
  // `[` opens many a plain log line too ("[INFO] …"): there the next character tells.
  { protocol: 'json', label: 'JSON', matches: (head) => /^(?:\{|\[[\s\]{["])/.test(head) },
  // RFC 5424, 6.2.1: `<priority>`; RFC 6587, 3.4.1: the same behind an octet count.
  { protocol: 'syslog', label: 'syslog', matches: (head) => /^(?:<\d|[1-9]\d? <|[1-9]\d\d )/.test(head) },
  // PROTO and its number; or, before protocol 2, an empty dict, list or mark, put into the memo.
  {
    protocol: 'pickle',
    label: 'a pickle without its length prefix',
    matches: (head) => (head[0] === '\x80' && head[1]! <= '\x05') || /^(?:[\]}]q|\([dl]p)/.test(head),
  },
  { protocol: 'text', label: 'plain text', matches: (head) => /^[\t\n\r -~]{4}$/.test(head) },
];

const unknown: Signature = { protocol: 'unknown', label: 'no known protocol', matches: () => true };

/** The name and a label in words for a stream that begins with the big-endian 32-bit number `head`. */
export function likelyProtocol(head: number): { readonly protocol: LikelyProtocol; readonly label: string } {
  const text = String.fromCharCode(head >>> 24, (head >>> 16) & 0xff, (head >>> 8) & 0xff, head & 0xff);
  return signatures.find((signature) => signature.matches(text)) ?? unknown;
}
