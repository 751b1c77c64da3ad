// The keys of `--hmac-key`, which SIGHUP reads again.

import { FrameVerifier, readKeyFile } from '../../net/index.ts';
import { failure, reasonOf } from '../command-failure.ts';
import type { Messages } from '../monitoring/messages.ts';

/** The keys of a file, and what checks frames with them. */
export class KeyRing {
  readonly verifier: FrameVerifier;
  readonly #path: string;
  readonly #messages: Messages;

  /** @throws CommandFailure for a file that cannot be read, or used */
  constructor(path: string, messages: Messages) {
    this.#path = path;
    this.#messages = messages;
    try {
      this.verifier = new FrameVerifier({ keys: readKeyFile(path) });
    } catch (error) {
      throw failure('cannot use the keys', error);
    }
  }

  /** Reads the file again. Where it cannot be used, the keys of before stay. */
  reload(): void {
    try {
      const keys = readKeyFile(this.#path);
      this.verifier.setKeys(keys);
      this.#messages.info('cli', `read ${keys.length === 1 ? 'a key' : `${keys.length} keys`} from ${this.#path}`);
    } catch (error) {
      this.#messages.error('cli', `the keys stay as they were: ${reasonOf(error)}`);
    }
  }
}
