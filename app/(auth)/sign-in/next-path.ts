/** Longer ones are no place of ours. */
const LENGTH_MAX = 2000;

/** The path after signing in, out of what a link asked for: a place in the console or the portal of this very site. "/" for anything else, whoever
 *  wrote it: another site in any spelling, a path that climbs out, a redirect of ours (/go/…), a control character that a browser would drop. */
export function nextPath(asked: unknown): string {
  if (typeof asked !== "string" || asked.length > LENGTH_MAX || !/^\/[^/\\]/.test(asked)) return "/";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\\\u0000-\u001f\u007f]/.test(asked) || !URL.canParse(asked, HERE)) return "/";
  const { origin, pathname, search, hash } = new URL(asked, HERE);
  return origin === HERE && /^\/(console|portal)(\/|$)/.test(pathname) ? pathname + search + hash : "/";
}

/** Stands for this site while a path is read: no name that anybody can own. */
const HERE = "http://here.invalid";

/** The sign-in page that leads back to `path`. */
export function signInHref(path: string): `/sign-in${string}` {
  const next = nextPath(path);
  return next === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next })}`;
}
