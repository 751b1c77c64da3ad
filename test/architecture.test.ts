// The arrows of the house, read from the import statements and held to the table of docs/ARCHITECTURE.md.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');
const files = (readdirSync(source, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).sort();

/** What each room may import, besides itself: the table of docs/ARCHITECTURE.md. */
const TABLE: ReadonlyMap<string, readonly string[]> = new Map(
  readFileSync(join(root, 'docs/ARCHITECTURE.md'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const row = /^\| `src\/(\S+)\/` \|.*\|([^|]*)\|$/.exec(line);
      if (row === null) return [];
      const names = [...(row[2] as string).matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
      return [[row[1] as string, names] as const];
    }),
);

/** The entry of the package joins all rooms. */
const ENTRY: readonly string[] = ['receiver', 'record', 'logging', 'net', 'pickle'];

/** What an area may import: rooms, `node:`, and packages. */
function allowed(area: string): readonly string[] {
  return area === '.' ? ENTRY : (TABLE.get(area) ?? []);
}

interface Import {
  readonly file: string;
  readonly from: string;
  readonly specifier: string;
}

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8');
  const statements = text.matchAll(
    /^\s*(?:import|export)\b[^'";]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map((match) => ({
    file,
    from: areaOf(file),
    specifier: (match[1] ?? match[2] ?? match[3]) as string,
  }));
});

/** The part of the design that a file of src/ belongs to. */
function areaOf(file: string): string {
  // A handler's row stands beside its class, and belongs to the configuration, on which no class depends.
  if (/^logging\/handlers\/.*\.config\.ts$/.test(file)) return 'logging/config';
  const part = /^logging\/(?:handlers|time|config|write|deliver)(?=\/)/.exec(file);
  if (part !== null) return part[0];
  return file.includes('/') ? (file.split('/')[0] as string) : '.';
}

describe('imports', () => {
  test('have a row for each room in the table', () => {
    const rooms = new Set(imports.map(({ from }) => from).filter((from) => from !== '.'));
    expect([...TABLE.keys()].sort()).toEqual([...rooms].sort());
  });

  test('are found: the pattern that reads them works', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((each) => each.from === 'cli').map((each) => each.specifier)).toContain('commander');
  });

  test('between folders run only as the design draws them', () => {
    const wrong = imports.filter(({ file, from, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const target = areaOf(relative(source, resolve(source, dirname(file), specifier)));
      // The parts of logging are drawn apart because they may do more; its core may name them.
      return (
        target !== from && !allowed(from).includes(target) && !(from === 'logging' && target.startsWith('logging/'))
      );
    });
    expect(wrong).toEqual([]);
  });

  test('of Node and of packages stand only where the design allows them', () => {
    const wrong = imports.filter(({ from, specifier }) => {
      if (specifier.startsWith('.')) return false;
      return !allowed(from).includes(specifier.startsWith('node:') ? 'node:' : specifier);
    });
    expect(wrong).toEqual([]);
  });

  test('from another folder go through its index, or that of a folder in it', () => {
    const wrong = imports.filter(({ file, from, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const target = relative(source, resolve(source, dirname(file), specifier));
      const crossing = areaOf(target).split('/')[0] !== from.split('/')[0];
      return crossing && from !== '.' && !target.endsWith('/index.ts');
    });
    expect(wrong).toEqual([]);
  });

  test('make no circle, of types neither', () => {
    const graph = new Map<string, string[]>();
    for (const { file, specifier } of imports) {
      if (!specifier.startsWith('.')) continue;
      graph.set(file, [...(graph.get(file) ?? []), relative(source, resolve(source, dirname(file), specifier))]);
    }
    expect(findCircle(graph)).toBeNull();
  });
});

describe('the package', () => {
  /** What an entry exports, by name: a list that is read, so that nothing comes along with a star. */
  function exported(entry: string): string[] {
    const text = readFileSync(join(source, entry), 'utf8').replace(/\/\/.*/g, '');
    const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '[^']+';$/gm)];
    expect(text.match(/^export\b/gm)).toHaveLength(lists.length);
    const names = lists.flatMap((match) => (match[1] as string).split(',')).map((name) => name.trim());
    return names.filter((name) => name !== '').map((name) => name.replace(/^type /, ''));
  }

  test('exports from picklewire the receiver, and what it takes, hands out and throws', () => {
    expect(exported('index.ts').sort()).toEqual([
      'BoundAddress',
      'Connection',
      'ConnectionLimitOptions',
      'Disconnect',
      'DrainOptions',
      'Endpoint',
      'EndpointError',
      'LikelyProtocol',
      'ListenError',
      'LogRecord',
      'LogRecordError',
      'NotADictError',
      'Peer',
      'PickleError',
      'Receiver',
      'ReceiverEvents',
      'ReceiverOptions',
      'ReceiverStats',
      'RecordDecoder',
      'RecordDecoderOptions',
      'Rejection',
      'RejectionCode',
      'ServerOptions',
      'SignatureFault',
      'TlsSettings',
      'TlsSettingsError',
      'createReceiver',
    ]);
  });

  test('exports from picklewire/net servers, frames and signatures, with their limits and errors', () => {
    expect(exported('net/index.ts').sort()).toEqual([
      'BoundAddress',
      'CONNECTION_LIMITS_DEFAULT',
      'Connection',
      'ConnectionLimitOptions',
      'ConnectionLimits',
      'DatagramError',
      'DatagramServer',
      'DatagramServerEvents',
      'DatagramServerOptions',
      'Disconnect',
      'DrainOptions',
      'Endpoint',
      'EndpointError',
      'FRAME_ALLOWANCE_BYTES',
      'FRAME_BYTES_DEFAULT',
      'FRAME_BYTES_MAX',
      'FrameBudget',
      'FrameReader',
      'FrameReaderOptions',
      'FrameSignatureError',
      'FrameVerifier',
      'FrameVerifierOptions',
      'FramingError',
      'KeyFileError',
      'LikelyProtocol',
      'ListenError',
      'ListenOptions',
      'LogServer',
      'LogServerEvents',
      'LogServerOptions',
      'Peer',
      'PeerRefusedError',
      'RefusalCode',
      'SignatureFault',
      'TlsSettings',
      'TlsSettingsError',
      'formatEndpoint',
      'parseEndpoint',
      'readKeyFile',
    ]);
  });
});

describe('the source', () => {
  test('of src/pickle uses nothing of Node', () => {
    const wrong = files.filter((file) => {
      if (areaOf(file) !== 'pickle') return false;
      const code = readFileSync(join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      return /\b(?:Buffer|process|require|__dirname)\b/.test(code);
    });
    expect(wrong).toEqual([]);
  });

  test('never generates code, nor looks whether it could', () => {
    const wrong = files.filter((file) =>
      /\beval\s*\(|new Function\b|Function\s*\(/.test(readFileSync(join(source, file), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('opens each file with what it is for', () => {
    const wrong = files.filter((file) => !/^(?:#!.*\n)?\/\/ \S/.test(readFileSync(join(source, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

/** Some circle of imports, or null. */
function findCircle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== null) return circle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle !== null) return circle;
  }
  return null;
}
