import { authOf } from "@/server/access";
import { getDatabase } from "@/server/db";

async function handle(request: Request): Promise<Response> {
  return authOf(await getDatabase()).handler(request);
}

export { handle as GET, handle as POST };
