// What the scripts' options mean, where several have the same. Knows no script.

/**
 * @param {string} option as it is given, for the message
 * @param {string} text
 */
export function wholeNumber(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} takes a number, not ${text}`);
  return number;
}
