/** A row as a list shows it: `mark` says everything about it whose change a reader should notice. */
export type MarkedRow = { id: string; mark: string };

/** Which rows are not as they were when the list was last read: those with another mark, and new ones above a row that stood there before. New ones
 *  below all others are an older page that somebody asked for. */
export function changedIds(before: readonly MarkedRow[], now: readonly MarkedRow[]): string[] {
  const marks = new Map(before.map(({ id, mark }) => [id, mark]));
  const lastKnown = before.length === 0 ? now.length : now.findLastIndex(({ id }) => marks.has(id));
  return now.filter(({ id, mark }, index) => index <= lastKnown && marks.get(id) !== mark).map(({ id }) => id);
}
