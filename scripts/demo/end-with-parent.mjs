// Preloaded (`node --import`) into what a launcher starts: a launcher that was killed cannot stop it any more, so it ends itself
// and its process group. The parent's number comes with the environment, as the parent may be gone before this line runs;
// processes that this one starts watch this one.
const parent = Number(process.env.TRIBUTARY_LAUNCHER ?? process.ppid);
delete process.env.TRIBUTARY_LAUNCHER;

const LOOK_EVERY_MS = 250;
/** For closing the database; what is cut off later than this recovers like after any crash. */
const CLOSE_MS_MAX = 1_500;

const look = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(look);
  setTimeout(endGroup, CLOSE_MS_MAX);
  process.kill(process.pid, "SIGTERM");
}, LOOK_EVERY_MS);
look.unref();

function endGroup() {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(1);
  }
}
