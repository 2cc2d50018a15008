import { expect, test } from "vitest";
import { wordsOf } from "@/app/ui/state-words";
import type { MailState } from "@/server/mail";

const mailStates: Record<MailState, string> = {
  queued: "Queued",
  sending: "Sending",
  sent: "Sent",
  failed: "Failed",
  unknown: "Unknown",
};

test.each(Object.entries(mailStates))("a mail that is %s has a word, an icon and a meaning", (state, word) => {
  expect(wordsOf("mail", state)).toMatchObject({ word, icon: expect.anything(), means: expect.stringMatching(/\.$/) });
});

test.each(["toString", "constructor", "of a later version"])("a state without words, %s, has none", (state) => {
  expect(wordsOf("payout", state)).toBeNull();
});
