/** How networks write a placeholder. Some shapes also occur in honest text and count only as a whole value. */
const ANYWHERE = /\$?\{\{?\s*[A-Za-z_][\w.:-]*\s*\}\}?|\[\[\[?[A-Za-z_][\w.:-]*\]?\]\]|!!![A-Za-z_]\w*!!!/;
const WHOLE = /^(?:\[[A-Za-z_][\w.:-]*\]|#[A-Za-z_][\w.:-]*#|%[A-Za-z_][\w.:-]*%)$/;

/** The placeholder that the sender forgot to fill in ("{payout}", "{{x}}", "${x}", "[x]", "[[[x]]]", "!!!x!!!", "#x#",
 *  "%x%"), or undefined. A postback with one of them says nothing true about that parameter. */
export function findMacro(value: string): string | undefined {
  return ANYWHERE.exec(value)?.[0] ?? WHOLE.exec(value)?.[0];
}
