import type { NewMail } from "./queue-mails";

/** What a planning verb did with one page of subjects. */
export type PlannedMails = {
  /** Mails that are new in the outbox. */
  queued: number;
  /** Subjects whose mail would tell something wrong: left out, so that the others get theirs. */
  broken: { subjectId: string; reason: string }[];
  /** Where the next page begins; null when this was the last one. */
  next: string | null;
};

/** Writes the mail of each subject by itself: one that cannot be written keeps no other back. */
export async function writeEach<Subject>(
  subjects: readonly Subject[],
  idOf: (subject: Subject) => string,
  write: (subject: Subject) => Promise<NewMail>,
): Promise<{ mails: NewMail[]; broken: PlannedMails["broken"] }> {
  const mails: NewMail[] = [];
  const broken: PlannedMails["broken"] = [];
  for (const subject of subjects) {
    try {
      mails.push(await write(subject));
    } catch (error) {
      broken.push({ subjectId: idOf(subject), reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { mails, broken };
}
