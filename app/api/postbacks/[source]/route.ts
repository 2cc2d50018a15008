import { boot } from "@/server/boot";
import { handlePostback } from "@/server/deliveries";

// Said outright, Next need not watch every look at the request to find out.
export const dynamic = "force-dynamic";

async function receive(request: Request, { params }: { params: Promise<{ source: string }> }): Promise<Response> {
  const { source } = await params;
  const app = await boot().catch(() => undefined);
  if (!app) return new Response("starting\n", { status: 503, headers: { "retry-after": "5" } });
  return handlePostback(request, source, app.postbackDoor);
}

export { receive as GET, receive as POST };
