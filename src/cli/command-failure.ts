// How a command fails.

/** An error that the user can mend: said in one line, exit code 1. */
export class CommandFailure extends Error {}

/** What was being done, and the reason in one line, whatever was thrown. */
export function failure(doing: string, error: unknown): CommandFailure {
  return new CommandFailure(`${doing}: ${reasonOf(error)}`);
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
