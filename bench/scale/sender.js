// The sender, as the process that measures sees it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @import { Answer, Order, Request } from './sender-process.js' */

const SCRIPT = fileURLToPath(new URL('./sender-process.js', import.meta.url));

export class Sender {
  #child = fork(SCRIPT, [], { execArgv: [] });

  /** @param {number} port @param {number} connections how many are opened, besides those that are open */
  open(port, connections) {
    return this.#ask({ do: 'open', port, connections });
  }

  /** @param {number} port @param {number} connections each with one record, and closed when that is sent */
  storm(port, connections) {
    return this.#ask({ do: 'storm', port, connections });
  }

  /** @param {Order} order */
  send(order) {
    return this.#ask({ do: 'send', ...order });
  }

  /** Ends every connection, and waits until the other side has closed it as well. */
  close() {
    return this.#ask({ do: 'close' });
  }

  /** Ends the process. */
  stop() {
    if (this.#child.connected) this.#child.disconnect();
  }

  /**
   * @param {Request} request
   * @returns {Promise<Answer>}
   */
  async #ask(request) {
    const failed = new AbortController();
    const exit = () => failed.abort(new Error('the sender has failed'));
    this.#child.once('exit', exit);
    this.#child.send(request);
    try {
      const [answer] = await once(this.#child, 'message', { signal: failed.signal });
      return answer;
    } finally {
      this.#child.off('exit', exit);
    }
  }
}
