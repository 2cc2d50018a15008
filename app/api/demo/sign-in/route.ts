import { z } from "zod";
import { signInForDemo } from "@/server/access";
import { getDatabase } from "@/server/db";
import { refusalIn } from "@/server/errors";

const input = z.object({ role: z.enum(["operator", "affiliate"]) });

/** The one-click roles of the demo. 403 with the reason wherever the rule says no. */
export async function POST(request: Request): Promise<Response> {
  const parsed = input.safeParse(await request.json().catch(() => null));
  if (!parsed.success) return Response.json({ reason: 'the role must be "operator" or "affiliate"' }, { status: 400 });
  try {
    const cookies = await signInForDemo(await getDatabase(), parsed.data.role, request.headers);
    const headers = new Headers({ "cache-control": "no-store" });
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    return Response.json({ role: parsed.data.role }, { headers });
  } catch (error) {
    const refusal = refusalIn(error);
    if (!refusal) throw error;
    return Response.json({ reason: refusal.message }, { status: refusal.code === "forbidden" ? 403 : 404 });
  }
}
