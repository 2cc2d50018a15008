// Imported first of all by what runs for real: `npm start` says the same of itself. Without it a worker would be in development, where a
// missing DATABASE_URL means PGlite and mails count as sent once they are in the outbox. TRIBUTARY_MODE still says otherwise.
Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV || "production" });
