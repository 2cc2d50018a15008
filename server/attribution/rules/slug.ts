/** Whether this may be the name of a link: 3 to 64 of a-z, 0-9 and -, not beginning with -. */
export function isSlug(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{2,63}$/.test(text);
}
