/** Clicks a tracking link as a browser would, without following it, and reads the click id that the redirect carries
 *  out to the shop.  Errors: no redirect, or none of the parameters in it. */
export async function followLink(
  link: string,
  subIdParameters: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const response = await fetch(link, {
    redirect: "manual",
    headers: { "user-agent": "Mozilla/5.0 (simulated shopper)" },
    signal,
  });
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (response.status < 300 || response.status > 399 || !location)
    throw new Error(`${link} answered ${response.status} without a redirect; a tracking link redirects to its shop`);
  const query = new URL(location, link).searchParams;
  for (const name of subIdParameters) {
    const value = query.get(name);
    if (value) return value;
  }
  throw new Error(`${link} redirects to ${location}, which has none of the parameters ${subIdParameters.join(", ")}`);
}
