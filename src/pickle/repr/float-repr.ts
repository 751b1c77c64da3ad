// The text of a double as Python prints it. Knows nothing of the other values.

/**
 * Python's `float.__repr__`: the shortest digits that read back as the same double, `.0` after whole numbers, and an
 * exponent of at least two digits below 1e-4 and from 1e16 on (`1e-05`, `1e+16`, `nan`, `-inf`, `-0.0`).
 * JavaScript finds the same digits but changes to an exponent elsewhere. Source: `float_repr_style` 'short'.
 */
export function floatRepr(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 && magnitude < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  if (magnitude === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (Number.isNaN(value)) return 'nan';
  if (magnitude === Number.POSITIVE_INFINITY) return value > 0 ? 'inf' : '-inf';
  return value.toExponential().replace(/(e[+-])(\d)$/, '$10$2');
}

/** Python's `complex.__repr__`: `3j`, `(1+2j)`, `(-0-0j)`; a part's `.0` is left out, a real part of +0 as well. */
export function complexRepr(real: number, imag: number): string {
  const imagText = `${withoutPoint(imag)}j`;
  if (Object.is(real, 0)) return imagText;
  return `(${withoutPoint(real)}${imagText.startsWith('-') ? '' : '+'}${imagText})`;
}

function withoutPoint(value: number): string {
  return floatRepr(value).replace(/\.0$/, '');
}
