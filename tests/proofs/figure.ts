/** How one proof is run. */
export type ProofOptions = {
  /** A few seconds, for `npm test`: the same steps at a small size. */
  readonly smoke: boolean;
  /** Decides everything drawn by chance. Which process wins a race stays open. */
  readonly seed: number;
  /** How many; null: the size at which the figure counts. */
  readonly trials: number | null;
};

/** One reliability figure as it was measured. */
export type Figure = {
  readonly figure: string;
  /** In the form of `target`. */
  readonly value: string;
  readonly target: string;
  /** Whether the value meets its target. A class without a hit fails the figure besides. */
  readonly met: boolean;
  readonly trials: number;
  /** What the trials really met, per class: a class that was never hit proves nothing. */
  readonly hits: Readonly<Record<string, number>>;
  /** The server that took part; null when none did. */
  readonly postgres: string | null;
  /** What a reader has to know: limits of the trial, and what was wrong on a miss. */
  readonly notes: readonly string[];
};

/** Measures one figure. Errors: whatever keeps a trial from being made, which is a miss too. */
export type Prove = (options: ProofOptions) => Promise<Figure>;

/** The classes of a figure that no trial met. */
export function missedClasses(figure: Figure): string[] {
  return Object.entries(figure.hits).flatMap(([name, count]) => (count > 0 ? [] : [name]));
}
