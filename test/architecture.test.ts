// The arrows of the design, read from the import statements. (CONTRIBUTING.md draws them.)

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');
const files = (readdirSync(source, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts')).sort();

/** Which folders of src/ a folder may import from, besides itself. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  pickle: [],
  net: [],
  logging: ['pickle'],
  'logging/write': ['logging', 'logging/handlers', 'pickle'],
  'logging/deliver': ['logging', 'logging/write', 'pickle'],
  'logging/handlers': ['logging', 'logging/deliver', 'logging/time', 'logging/write', 'pickle'],
  'logging/time': ['logging', 'pickle'],
  'logging/config': ['logging', 'logging/handlers', 'logging/write', 'pickle'],
  record: ['logging', 'pickle'],
  receiver: ['record', 'logging', 'net', 'pickle'],
  cli: ['receiver', 'record', 'net', 'logging', 'pickle'],
  '.': ['receiver', 'record', 'logging', 'net', 'pickle'],
};

/** Where modules of Node and packages may be imported. `src/pickle` has none, nor has the core of `src/logging`:
 * its handlers write, its times need the system's zone files, its configuration reads a file. */
const NODE = new Set([
  'net',
  'logging/write',
  'logging/deliver',
  'logging/handlers',
  'logging/time',
  'logging/config',
  'logging',
  'record',
  'receiver',
  'cli',
]);
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  cli: ['commander', 'prom-client', 'yaml'],
};

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
        target !== from &&
        !(ARROWS[from] ?? []).includes(target) &&
        !(from === 'logging' && target.startsWith('logging/'))
      );
    });
    expect(wrong).toEqual([]);
  });

  test('of Node and of packages stand only where the design allows them', () => {
    const wrong = imports.filter(({ from, specifier }) => {
      if (specifier.startsWith('.')) return false;
      return specifier.startsWith('node:') ? !NODE.has(from) : !(PACKAGES[from] ?? []).includes(specifier);
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

  test('make no circle', () => {
    const graph = new Map<string, string[]>();
    for (const { file, specifier } of imports) {
      const text = readFileSync(join(source, file), 'utf8');
      const typeOnly = new RegExp(`import type [^;]*'${specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}'`).test(text);
      if (!specifier.startsWith('.') || typeOnly) continue;
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
