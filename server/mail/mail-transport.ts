import { createTransport } from "nodemailer";
import type { Env } from "@/server/env";

/** A mail as it leaves. */
export type OutgoingMail = { id: string; recipient: string; subject: string; html: string; text: string };

/** What the SMTP server did with a mail. `refused` and `deferred` are proof that it did not take it; `unreachable` that it was not even
 *  asked; `unknown` may have been taken. */
export type SendOutcome =
  | { kind: "sent" }
  | { kind: "refused" | "deferred" | "unreachable" | "unknown"; reason: string };

/** Where mails go. */
export type MailTransport =
  | { kind: "smtp"; send(mail: OutgoingMail): Promise<SendOutcome> }
  /** Demo and development without SMTP: they end in the outbox, to be read at /dev/mail. */
  | { kind: "outbox" }
  /** Production without SMTP: they wait. */
  | { kind: "none" };

/** Limits of one SMTP conversation: a silent server must not hold a mail in `sending` until it is taken for lost. */
const CONNECT_MS_MAX = 15_000;
const SILENCE_MS_MAX = 30_000;

/** The transport that the environment names. */
export function createMailTransport(settings: Pick<Env, "mode" | "smtpUrl" | "mailFrom">): MailTransport {
  if (settings.smtpUrl === null) return { kind: settings.mode === "production" ? "none" : "outbox" };
  const { mailFrom } = settings;
  // No pool: a pool sends a mail again by itself when its connection closes.
  const smtp = createTransport({
    url: settings.smtpUrl,
    connectionTimeout: CONNECT_MS_MAX,
    greetingTimeout: CONNECT_MS_MAX,
    dnsTimeout: CONNECT_MS_MAX,
    socketTimeout: SILENCE_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const handedOver = new Set<string>();
  // The library names the same error whenever a connection breaks; whether the mail was on its way by then only its reading tells.
  smtp.use("stream", (mail, done) => {
    const read = mail.message.createReadStream.bind(mail.message);
    mail.message.createReadStream = (options) => {
      handedOver.add(mail.message.messageId());
      return read(options);
    };
    done();
  });
  return {
    kind: "smtp",
    async send(mail) {
      const messageId = messageIdOf(mail.id, mailFrom);
      try {
        await smtp.sendMail({
          from: mailFrom,
          to: { name: "", address: mail.recipient },
          subject: mail.subject,
          html: mail.html,
          text: mail.text,
          messageId,
          // No holiday replies to a machine.
          headers: { "Auto-Submitted": "auto-generated" },
        });
        return { kind: "sent" };
      } catch (error) {
        return outcomeOf(error, handedOver.has(messageId));
      } finally {
        handedOver.delete(messageId);
      }
    },
  };
}

/** Made of the mail's own id, so that a mail sent twice by an operator can be recognised as one. */
function messageIdOf(mailId: string, mailFrom: string): string {
  const domain = /@([^\s>]+)/.exec(mailFrom)?.[1] ?? "localhost";
  return `<${mailId}@${domain}>`;
}

function outcomeOf(error: unknown, wasHandedOver: boolean): SendOutcome {
  const { message, responseCode, code, command } = error as Partial<SmtpFailure>;
  const reason = message ?? code ?? "no reason given";
  if (responseCode !== undefined) {
    // Only what the server says of the receiver or of the content is about this mail; a refused sign-in or sender will be mended.
    const isAboutMail = command === "RCPT TO" || command === "DATA";
    if (isAboutMail) return { kind: responseCode >= 500 ? "refused" : "deferred", reason };
    return { kind: "unreachable", reason };
  }
  // The library itself rejects the address or the content.
  if (code === "EENVELOPE" || code === "EMESSAGE") return { kind: "refused", reason };
  return { kind: wasHandedOver ? "unknown" : "unreachable", reason };
}

type SmtpFailure = { message: string; responseCode: number; code: string; command: string };
