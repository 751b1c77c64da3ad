// Everything that the test looks at of src/pickle, run the same in Node, in a page and in a worker. What it takes and gives
// is JSON. Uses only what all three have; the module under test is handed in.

export type PickleModule = typeof import('../../src/pickle/index.ts');

/** Pickles in base64. */
export interface Inputs {
  /** Pickles that decode. */
  readonly values: readonly string[];
  /** Pickles of every kind, broken ones too. */
  readonly any: readonly string[];
  /** A pickle of a class that is on no allow-list. */
  readonly forbidden: string;
}

/** Text, or what was thrown instead: of a PickleError its fields, of anything else its text. */
export type Outcome = string | { readonly thrown: Readonly<Record<string, unknown>> | string };

export interface Observed {
  /** repr() of each of `values`. */
  readonly reprs: readonly string[];
  /** The same from one stream of them all, for each kind of stream. */
  readonly streamed: Readonly<Record<string, readonly string[]>>;
  /** The scan's report on that stream. */
  readonly streamScan: unknown;
  /** repr() of each of `any`, or what was thrown. */
  readonly outcomes: readonly Outcome[];
  /** `values` and `any` as JSON. */
  readonly json: readonly Outcome[];
  /** The text of each of `any`, up to where it breaks. */
  readonly disassemblies: readonly string[];
  readonly scans: readonly unknown[];
  readonly forbidden: Outcome;
  /** The same pickle where unknown classes are data. */
  readonly inert: string;
}

/** Bytes in each chunk of the streams that are cut here: a prime, to cut opcodes of every kind at every place. */
const CHUNK = 61;

export async function observe(pickle: PickleModule, inputs: Inputs): Promise<Observed> {
  const { disassemble, DisassemblyError, PickleError, repr, scan, scanStream, toJSON, unpickle } = pickle;
  const tagged = { floats: 'tagged' } as const;

  const attempt = (act: () => string): Outcome => {
    try {
      return act();
    } catch (error) {
      if (!(error instanceof PickleError)) return { thrown: String(error) };
      const { name, message, code, offset, opcode, limit, global } = error;
      return { thrown: { name, message, code, offset, opcode, limit, global } };
    }
  };
  const disassembly = (data: Uint8Array): string => {
    try {
      return disassemble(data);
    } catch (error) {
      return error instanceof DisassemblyError ? error.text : String(error);
    }
  };

  const values = inputs.values.map(decoded);
  const any = inputs.any.map(decoded);
  const forbidden = decoded(inputs.forbidden);
  const all = new Blob(values);
  const whole = new Uint8Array(await all.arrayBuffer());
  const streamed: Record<string, string[]> = {};
  for (const [kind, stream] of Object.entries({
    'a Response': new Response(whole).body as ReadableStream<Uint8Array>,
    'a Blob': all.stream() as ReadableStream<Uint8Array>,
    'a stream of small chunks': cut(whole),
    'a stream that cannot be iterated': { getReader: () => cut(whole).getReader() },
  })) {
    const texts: string[] = [];
    for await (const value of pickle.unpickleStream(stream, tagged)) texts.push(repr(value));
    streamed[kind] = texts;
  }

  return {
    reprs: values.map((data) => repr(unpickle(data, tagged))),
    streamed,
    streamScan: await scanStream(cut(whole)),
    outcomes: any.map((data) => attempt(() => repr(unpickle(data)))),
    json: [...values, ...any].map((data) => attempt(() => toJSON(unpickle(data, tagged)))),
    disassemblies: any.map(disassembly),
    scans: any.map((data) => scan(data)),
    forbidden: attempt(() => repr(unpickle(forbidden))),
    inert: repr(unpickle(forbidden, { unknownGlobals: 'inert' })),
  };
}

function decoded(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function cut(data: Uint8Array): ReadableStream<Uint8Array> {
  let start = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (start >= data.length) return controller.close();
      controller.enqueue(data.slice(start, start + CHUNK));
      start += CHUNK;
    },
  });
}
