// The pipeline that records go through to their output; and the one that flags describe, which is one handler.

import { FileHandler, type Handler, Manager } from '../../logging/index.ts';
import type { Receiver } from '../../receiver/index.ts';
import { failure, reasonOf } from '../command-failure.ts';
import { LossCounters } from '../monitoring/loss-counters.ts';
import type { Messages } from '../monitoring/messages.ts';

/** Loggers with open handlers. */
export interface OutputPipeline {
  /** Whose loggers get the first records. */
  readonly manager: Manager;
  /** What the handlers did not write. */
  readonly losses: LossCounters;
  /** Obeys SIGHUP; where that means other loggers, the receiver is given them. */
  reload(receiver: Receiver): void;
  /**
   * Writes what there is and closes the handlers.
   * @throws CommandFailure when something could not be written
   */
  close(): Promise<void>;
}

/** The pipeline of flags: every record goes to one handler. */
export class FlagPipeline implements OutputPipeline {
  readonly manager: Manager = new Manager();
  readonly losses: LossCounters;
  readonly #handler: Handler;
  readonly #stop: () => void;
  readonly #messages: Messages;

  /** @param stop ends the program well */
  constructor(handler: Handler, stop: () => void, messages: Messages) {
    this.manager.root.addHandler(handler);
    this.losses = new LossCounters(() => [handler]);
    this.#handler = handler;
    this.#stop = stop;
    this.#messages = messages;
  }

  /** Opens the file anew. Where there is none, the signal is what a terminal sends that is closed. */
  reload(): void {
    if (this.#handler instanceof FileHandler) void this.#reopen(this.#handler);
    else this.#stop();
  }

  close(): Promise<void> {
    return closeAll([this.#handler]);
  }

  async #reopen(handler: FileHandler): Promise<void> {
    handler.reopen();
    try {
      await handler.flush();
      this.#messages.info('cli', `reopened ${handler.baseFilename}`);
    } catch (error) {
      this.#messages.error('cli', `not reopened yet: ${reasonOf(error)}`);
    }
  }
}

/**
 * Closes handlers, each of which stands before those that it hands its records to.
 * @throws CommandFailure when one of them could not write its last records; the others are closed all the same
 */
export async function closeAll(handlers: readonly Handler[]): Promise<void> {
  const results = await Promise.allSettled(handlers.map((handler) => handler.close()));
  const reasons = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [];
    const name = handlers[index]?.name;
    return [name ? `${name}: ${reasonOf(result.reason)}` : reasonOf(result.reason)];
  });
  if (reasons.length > 0) throw failure('the last records could not be written', reasons.join('; '));
}
