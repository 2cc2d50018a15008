// Preloaded (`node --import`) into the app: only the process that has PGlite's folder open can say what is in it. Answers statements sent by
// the benchmark that started it, over the pipe between the two.
process.on("message", async ({ id, statement }) => {
  try {
    const database = await globalThis.tributaryDatabase;
    const { rows } = await database.asOwner((tx) => tx.execute(statement));
    process.send({ id, rows });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
process.channel?.unref();
