// A histogram: values counted by size, as Prometheus has them, for what is measured with every record: prom-client's own histogram
// looks its labels up for each value.

/** A histogram without labels. */
export class Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  /** Values up to each bound and over the one before; then those over all of them. */
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds upper ones, ascending */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let index = 0;
    while (value > this.#bounds[index]!) index++;
    this.#counts[index]!++;
    this.#sum += value;
  }

  /** The text format: https://prometheus.io/docs/instrumenting/exposition_formats/#histograms-and-summaries */
  text(): string {
    const name = this.#name;
    let count = 0;
    const buckets = this.#counts.map((values, index) => {
      count += values;
      return `${name}_bucket{le="${this.#bounds[index] ?? '+Inf'}"} ${count}`;
    });
    const lines = [`# HELP ${name} ${this.#help}`, `# TYPE ${name} histogram`, ...buckets];
    return `${[...lines, `${name}_sum ${this.#sum}`, `${name}_count ${count}`].join('\n')}\n`;
  }
}
