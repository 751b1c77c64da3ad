// The one script of the page and of the worker that it starts: observes the bundle, and posts what it saw to the server.
// Bundled for the browser; imports no code of src/, which the page loads as it is.

import { type Inputs, type Observed, observe, type PickleModule } from './observe.ts';

/** Where the script runs. */
export type Place = 'page' | 'worker';

export interface Seen {
  readonly observed: Observed;
  /** Names of Node that there are after all. */
  readonly nodeGlobals: readonly string[];
  /** The error of making code from a string; null when it was made. */
  readonly codeGeneration: string | null;
}

/** What the script posts: what it saw, or why it could not look. */
export type Posted = { readonly seen: Seen } | { readonly failure: string };

declare class Worker {
  constructor(url: string, options: { readonly type: 'module' });
  onerror: ((event: { readonly message?: string }) => void) | null;
}

async function post(place: Place, posted: Posted): Promise<void> {
  await fetch(`/posted/${place}`, { method: 'POST', body: JSON.stringify(posted) });
}

function codeGenerationError(): string | null {
  try {
    Reflect.construct(Function, ['']);
    return null;
  } catch (error) {
    return (error as Error).name;
  }
}

async function look(): Promise<Posted> {
  try {
    // A path on the server, which is nothing to the compiler.
    const bundle: string = '/pickle.js';
    const [pickle, inputs] = await Promise.all([
      import(bundle) as Promise<PickleModule>,
      fetch('/inputs.json').then((response) => response.json() as Promise<Inputs>),
    ]);
    const nodeGlobals = ['Buffer', 'global', 'process', 'require', 'setImmediate'].filter((name) => name in globalThis);
    return {
      seen: { observed: await observe(pickle, inputs), nodeGlobals, codeGeneration: codeGenerationError() },
    };
  } catch (error) {
    return { failure: (error as Error).stack ?? String(error) };
  }
}

const place: Place = 'document' in globalThis ? 'page' : 'worker';
if (place === 'page') {
  new Worker(import.meta.url, { type: 'module' }).onerror = ({ message }) => {
    void post('worker', { failure: message ?? 'the worker did not load' });
  };
}
await post(place, await look());
