// One load, fired from a process of its own so that it takes no time of the measured ones. Plain JavaScript: autocannon has no types.
import autocannon from "autocannon";

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+\//;
/** The bound by count, whatever the time says. */
const REQUESTS_MAX = 200_000;
/** For the answers under way when the time is over. */
const LAST_ANSWERS_SECONDS = 15;

process.once("message", (order) => {
  fire(order).then((outcome) => process.send(outcome, () => process.disconnect()));
});

/** Fires as many requests as `connections` can for `seconds`, each a conversion of its own, and waits for every answer: what was answered
 *  can be compared row by row with what was stored. */
async function fire({ url, connections, seconds, prefix, affiliates }) {
  if (!LOOPBACK.test(url)) throw new Error(`load goes to the loopback only, not to ${url}`);
  const { pathname } = new URL(url);
  const latencies = [];
  const answers = [];
  const clients = [];
  let sent = 0;
  const setupRequest = (request) => {
    sent += 1;
    const query = `txn_id=${prefix}-${sent}&sub1=member-${(sent % affiliates) + 1}&status=approved&amount=49.90&payout=4.99&currency=EUR`;
    return { ...request, path: `${pathname}?${query}` };
  };
  const onResponse = (status, body) => answers.push(status === 200 ? body : `${status} ${body}`);
  const startedMs = performance.now();
  let answeredInTime = 0;
  const run = autocannon({
    url,
    connections,
    duration: seconds + LAST_ANSWERS_SECONDS,
    maxOverallRequests: REQUESTS_MAX,
    sampleInt: 100,
    setupClient: (client) => clients.push(client),
    requests: [{ setupRequest, onResponse }],
  });
  run.on("response", (_client, _status, _bytes, ms) => latencies.push(ms));
  setTimeout(() => {
    answeredInTime = latencies.length;
    // autocannon's own end drops the answers under way: here each connection ends after the answer it waits for.
    for (const client of clients) client.responseMax = client.reqsMade;
  }, seconds * 1000);
  const { errors } = await run;
  const tookSeconds = answeredInTime > 0 ? seconds : (performance.now() - startedMs) / 1000;
  const count = answeredInTime || latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    requestsPerSecond: count / tookSeconds,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? null,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? null,
    sent: clients.reduce((sum, client) => sum + client.reqsMade, 0),
    errors,
    answers,
  };
}
