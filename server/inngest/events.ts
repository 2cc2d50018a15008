import { eventType } from "inngest";
import { z } from "zod";

// Events carry ids only: what they are about is read again when they arrive, and anything they start a sweep can restart.

const inOrganization = z.object({ orgId: z.string() });

/** Deliveries wait to be processed. */
export const deliveriesReceived = eventType("deliveries/received", { schema: inOrganization });

/** An operator approved a batch (or retried payouts of it): it has payouts to submit. */
export const batchApproved = eventType("payouts/batch.approved", {
  schema: z.object({ orgId: z.string(), batchId: z.string() }),
});

/** Attempts wait for a word from their rail. */
export const attemptsOpen = eventType("payouts/attempts.open", { schema: inOrganization });

/** Mails wait in the outbox. */
export const mailsQueued = eventType("mail/queued", { schema: inOrganization });
