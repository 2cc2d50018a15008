/** How a benchmark is run. */
export type BenchOptions = {
  /** Every step at a small size: judges whether everything works, not how fast. */
  readonly smoke: boolean;
  /** Length of one load; null: the length at which the figure counts. */
  readonly seconds: number | null;
  /** Progress, for whoever waits. */
  readonly say: (line: string) => void;
};

/** One performance figure as it was measured, with whatever belongs to it. */
export type Figure = {
  readonly figure: string;
  /** Whether nothing is wrong. */
  readonly met: boolean;
  /** Each miss in words. */
  readonly wrong: readonly string[];
  readonly [more: string]: unknown;
};
