export { createMailTransport, type MailTransport } from "./mail-transport";
export { planDigests } from "./plan-digests";
export { getMail, listMails, type MailRow, type MailState } from "./queries";
export { type NewMail, queueMails } from "./queue-mails";
export { queuePayoutMails } from "./queue-payout-mails";
export { resendMail } from "./resend-mail";
export { sendMails } from "./send-mails";
