// The least that a Next route can do: what every other route of Next is measured against.
export function GET() {
  return new Response("ok");
}
