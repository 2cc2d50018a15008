import { answerAuth } from "@/server/access";
import { getDatabase } from "@/server/db";

async function handle(request: Request): Promise<Response> {
  return answerAuth(await getDatabase(), request);
}

export { handle as GET, handle as POST };
