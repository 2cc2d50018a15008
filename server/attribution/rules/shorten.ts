/** The beginning of a text, at most `charactersMax` characters. Counted in code points: half a surrogate pair is no text, and the
 *  database refuses it. */
export function shorten(text: string, charactersMax: number): string {
  // A code point has at most two units: a long text is not unfolded whole.
  return [...text.slice(0, 2 * charactersMax)].slice(0, charactersMax).join("");
}
