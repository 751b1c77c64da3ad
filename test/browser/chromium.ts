// A real browser, and a server on the loopback for what it shows. Knows nothing of pickles.

import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { rolldown } from 'rolldown';

const USUAL_PATH = '/usr/bin/chromium';
const HEADERS = { 'content-security-policy': "default-src 'self'", 'cache-control': 'no-store' };

/**
 * The Chromium to test with: the program that the environment's CHROMIUM names, which then must be there, or the one at its
 * usual place. None is no error: it says so on stderr, for the tests that are skipped then.
 */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  if (existsSync(USUAL_PATH)) return USUAL_PATH;
  process.stderr.write(`skipped: the tests in a browser need Chromium, at ${USUAL_PATH} or where CHROMIUM says\n`);
  return undefined;
}

/** Starts it, headless and with a profile of its own, which goes when it is closed. */
export async function launch(executablePath: string): Promise<Browser> {
  // Playwright would leave the profile behind.
  if (!existsSync(executablePath)) throw new Error(`there is no Chromium at ${executablePath}`);
  return await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A module of this repository and all it imports, as one minified module for browsers. A warning is an error. */
export async function bundled(path: string): Promise<{ code: string; imports: readonly string[] }> {
  const build = await rolldown({
    input: fileURLToPath(new URL(`../../${path}`, import.meta.url)),
    platform: 'browser',
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  try {
    const { output } = await build.generate({ format: 'es', minify: true });
    const [{ code, imports, dynamicImports }, ...others] = output;
    return { code, imports: [...imports, ...dynamicImports, ...others.map(({ fileName }) => fileName)] };
  } finally {
    await build.close();
  }
}

/**
 * Serves files by their path on a free port of 127.0.0.1, under a policy that forbids making code from strings. `onPost`
 * gets the body of every POST.
 */
export async function serve(
  files: Readonly<Record<string, { readonly type: string; readonly body: string }>>,
  onPost: (path: string, body: string) => void,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (request.method === 'POST') {
      onPost(path, await text(request));
      response.writeHead(204, HEADERS).end();
      return;
    }
    const file = files[path];
    if (file === undefined) response.writeHead(404, HEADERS).end();
    else response.writeHead(200, { ...HEADERS, 'content-type': file.type }).end(file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
