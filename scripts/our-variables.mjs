/** Whether a variable of the environment decides what Tributary does: ours by name, or one that Postgres's drivers read. What tests, proofs
 *  and benchmarks find must not hang on the caller's. */
export function isOurVariable(name) {
  return /^(DATABASE_|APP_|INNGEST_|PAYPAL_|SMTP_|MAIL_|TRIBUTARY_|LOG_LEVEL$|PORT$|NODE_ENV$|PG[A-Z]+$)/.test(name);
}
