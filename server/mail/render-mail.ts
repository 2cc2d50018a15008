import type { ReactElement } from "react";
import { render, toPlainText } from "react-email";

/** A template as HTML, and as the plain text of that very HTML, so that no amount can be in one and not in the other. */
export async function renderMail(template: ReactElement): Promise<{ html: string; text: string }> {
  const html = await render(template);
  const text = toPlainText(html, {
    // A sentence is one line, however long: mail programs wrap, and a wrapped amount cannot be searched for.
    wordwrap: false,
    selectors: [
      {
        selector: "table.amounts",
        format: "dataTable",
        options: { uppercaseHeaderCells: false, colSpacing: 2, maxColumnWidth: 200 },
      },
      { selector: "h1", options: { uppercase: false } },
    ],
  });
  return { html, text: `${text.trim()}\n` };
}
