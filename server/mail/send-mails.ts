import type { Database } from "@/server/db";
import { claimMail } from "./claim-mail";
import type { MailTransport } from "./mail-transport";
import { recordSending } from "./record-sending";
import { settleWaiting } from "./settle-waiting";

/** SMTP conversations at once: a provider's limit per sender is rarely lower, and a mail takes a fifth of a second. */
const LANES = 4;

export type MailSending = { database: Database; clock: () => Date; transport: MailTransport };

/** Sends what is due in one organization, at most `limit` mails, each in three parts: claim (committed), SMTP (in no transaction), record.
 *  A process that dies between the first and the last leaves the mail to `unknown`: at most once, never twice. It stops when the server
 *  cannot be reached. Returns how many mails were claimed. */
export async function sendMails(
  { database, clock, transport }: MailSending,
  { orgId, limit }: { orgId: string; limit: number },
): Promise<number> {
  await database.inOrganization(orgId, (tx) => settleWaiting(tx, { transport: transport.kind }, clock()));
  if (transport.kind !== "smtp") return 0;
  let claimed = 0;
  let isReachable = true;
  const lane = async () => {
    while (isReachable && claimed < limit) {
      claimed += 1;
      const mail = await database.inOrganization(orgId, (tx) => claimMail(tx, clock()));
      if (!mail) {
        claimed -= 1;
        return;
      }
      const outcome = await transport.send(mail);
      if (outcome.kind === "unreachable") isReachable = false;
      await database.inOrganization(orgId, (tx) => recordSending(tx, { mail, outcome }, clock()));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return claimed;
}
