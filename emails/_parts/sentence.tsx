import { Amount, type MailAmount } from "./amount";

/** A sentence in pieces: finished words, and amounts that the reader's locale decides how to write. */
export type Sentence = readonly (string | MailAmount)[];

/** Writes a sentence. */
export function Words({ sentence, locale }: { sentence: Sentence; locale: string }) {
  let place = 0;
  return sentence.map((piece) => {
    place += 1;
    return typeof piece === "string" ? piece : <Amount key={place} amount={piece} locale={locale} />;
  });
}
