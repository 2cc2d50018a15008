import { expect, test } from "@playwright/test";

for (const method of ["GET", "POST", "PUT"]) {
  test(`an anonymous ${method} to the functions is refused`, async ({ request }) => {
    const response = await request.fetch("/api/inngest?fnId=tributary-process-deliveries&stepId=step", {
      method,
      ...(method === "GET"
        ? {}
        : {
            data: { event: { name: "deliveries/received", data: { orgId: "org_x" } }, events: [], steps: {}, ctx: {} },
          }),
    });
    expect(response.status()).toBe(401);
  });
}

test("health and readiness answer", async ({ request }) => {
  expect((await request.get("/api/health")).status()).toBe(200);
  expect(await (await request.get("/api/ready")).json()).toMatchObject({ status: "ready" });
});

test("one-click sign-in is refused when the request did not come to this machine by name", async ({ request }) => {
  const response = await request.post("/api/demo/sign-in", {
    data: { role: "operator" },
    headers: { "x-forwarded-for": "203.0.113.9" },
  });
  expect(response.status()).toBe(403);
});
