/** Parts of at most `size` rows: each becomes one parameter of one statement, which must stay far below the limits of time and memory. */
export function chunksOf<T>(rows: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  );
}
