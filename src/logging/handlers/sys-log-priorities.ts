// The numbers and names of syslog's priorities and facilities: <syslog.h>, as Python's SysLogHandler has them.

/** Priorities, gravest first. */
export const syslogPriorities = {
  LOG_EMERG: 0,
  LOG_ALERT: 1,
  LOG_CRIT: 2,
  LOG_ERR: 3,
  LOG_WARNING: 4,
  LOG_NOTICE: 5,
  LOG_INFO: 6,
  LOG_DEBUG: 7,
} as const;

/** Which part of a system a message is from. */
export const syslogFacilities = {
  LOG_KERN: 0,
  LOG_USER: 1,
  LOG_MAIL: 2,
  LOG_DAEMON: 3,
  LOG_AUTH: 4,
  LOG_SYSLOG: 5,
  LOG_LPR: 6,
  LOG_NEWS: 7,
  LOG_UUCP: 8,
  LOG_CRON: 9,
  LOG_AUTHPRIV: 10,
  LOG_FTP: 11,
  LOG_NTP: 12,
  LOG_SECURITY: 13,
  LOG_CONSOLE: 14,
  LOG_SOLCRON: 15,
  LOG_LOCAL0: 16,
  LOG_LOCAL1: 17,
  LOG_LOCAL2: 18,
  LOG_LOCAL3: 19,
  LOG_LOCAL4: 20,
  LOG_LOCAL5: 21,
  LOG_LOCAL6: 22,
  LOG_LOCAL7: 23,
} as const;

/** Names that `encodePriority` takes for a priority. */
export const priorityNames: ReadonlyMap<string, number> = new Map(
  Object.entries({
    alert: syslogPriorities.LOG_ALERT,
    crit: syslogPriorities.LOG_CRIT,
    critical: syslogPriorities.LOG_CRIT,
    debug: syslogPriorities.LOG_DEBUG,
    emerg: syslogPriorities.LOG_EMERG,
    err: syslogPriorities.LOG_ERR,
    error: syslogPriorities.LOG_ERR,
    info: syslogPriorities.LOG_INFO,
    notice: syslogPriorities.LOG_NOTICE,
    panic: syslogPriorities.LOG_EMERG,
    warn: syslogPriorities.LOG_WARNING,
    warning: syslogPriorities.LOG_WARNING,
  }),
);

/** Names that `encodePriority` takes for a facility: those of the constants, but for one. */
export const facilityNames: ReadonlyMap<string, number> = new Map(
  Object.entries(syslogFacilities).map(([name, code]) => [
    name === 'LOG_SOLCRON' ? 'solaris-cron' : name.slice('LOG_'.length).toLowerCase(),
    code,
  ]),
);

/** Which priority a level is shown as. */
export const levelPriorities: ReadonlyMap<string, string> = new Map([
  ['DEBUG', 'debug'],
  ['INFO', 'info'],
  ['WARNING', 'warning'],
  ['ERROR', 'error'],
  ['CRITICAL', 'critical'],
]);
