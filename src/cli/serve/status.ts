// What a signal handler, set before all else, can ask of the command that runs.

export interface Status {
  /** One line on what has happened so far. */
  summary: () => string;
}
