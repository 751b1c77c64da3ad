// Certificates for tests, made by the openssl of this machine: an authority, a server's and a client's.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Whether there is an openssl; without, says on stderr what is skipped. */
export function hasOpenssl(skipped: string): boolean {
  const has = spawnSync('openssl', ['version']).status === 0;
  if (!has) process.stderr.write(`skipped: ${skipped} need openssl; it was not found\n`);
  return has;
}

// Python 3.13 checks certificates strictly (RFC 5280): an authority must say that it is one, and what for.
const AUTHORITY = [
  'basicConstraints=critical,CA:TRUE',
  'keyUsage=critical,keyCertSign,cRLSign',
  'subjectKeyIdentifier=hash',
];
const LEAF = ['basicConstraints=critical,CA:FALSE', 'subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid'];
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const CLIENT = 'extendedKeyUsage=clientAuth';

/** A certificate that an authority signs. */
interface Leaf {
  readonly name: string;
  readonly use: string;
  readonly authority: string;
  readonly days: number;
}

const LEAVES: readonly Leaf[] = [
  { name: 'server', use: 'subjectAltName=DNS:localhost,IP:127.0.0.1', authority: 'ca', days: 2 },
  { name: 'client', use: CLIENT, authority: 'ca', days: 2 },
  { name: 'stranger', use: CLIENT, authority: 'other-ca', days: 2 },
  { name: 'expired', use: CLIENT, authority: 'ca', days: 0 },
];

/**
 * A folder with `ca`, `other-ca`, `server` (for localhost and 127.0.0.1), `client`, `stranger` (a client of `other-ca`)
 * and `expired` (a client whose time is over), each a `.pem` and a `.key`. Call it outside of tests: it is removed after
 * those of the file.
 */
export function makeCertificates(): string {
  const folder = mkdtempSync(join(tmpdir(), 'picklewire-certificates-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  for (const name of ['ca', 'other-ca']) {
    const extensions = AUTHORITY.flatMap((extension) => ['-addext', extension]);
    writeFileSync(join(folder, 'empty.cnf'), '[req]\ndistinguished_name=none\n[none]\n');
    const self = ['-x509', '-config', 'empty.cnf', '-days', '2', '-subj', `/CN=${name}`, ...extensions];
    openssl('req', ...NEW_KEY, ...self, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  }
  for (const { name, use, authority, days } of LEAVES) {
    writeFileSync(join(folder, `${name}.cnf`), [...LEAF, use].join('\n'));
    const subject = ['-subj', `/O=Some, Inc./CN=${name}`];
    openssl('req', ...NEW_KEY, ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    const signing = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-days', `${days}`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-extfile', `${name}.cnf`, '-out', `${name}.pem`);
  }
  return folder;
}
