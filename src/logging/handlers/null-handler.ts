// A handler that takes records nowhere: for libraries, as in Python.

import { Handler } from '../handler.ts';

/** Does nothing with a record, not even ask its filters: keeps a logger's records from the last resort. */
export class NullHandler extends Handler {
  override handle(): void {}

  override emit(): void {}
}
