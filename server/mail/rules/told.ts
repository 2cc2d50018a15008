import type { Money } from "@/server/money";

/** A sentence in pieces: words, and amounts that are written when the mail is. */
export type Phrase = readonly (string | Money)[];

/** Where an amount stands on its way to the bank. */
export type Stage = { reached: number; of: number; label: string; isEnded: boolean };

/** One thing that moved: what happened, and what comes next. */
export type Told = { title: string; happened: Phrase; next: Phrase; stage: Stage | null };

/** Clicked, reported, approved, payable, in batch, sent, paid: the stages that the screens show, counted. */
export const STAGES = 7;
