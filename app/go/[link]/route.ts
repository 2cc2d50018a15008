import { handleVisit } from "@/server/attribution";
import { boot } from "@/server/boot";

export async function GET(request: Request, { params }: { params: Promise<{ link: string }> }): Promise<Response> {
  const { link } = await params;
  const app = await boot().catch(() => undefined);
  if (!app) return new Response("starting\n", { status: 503, headers: { "retry-after": "5" } });
  return handleVisit(request, link, app.visitDoor);
}
