import { boot } from "@/server/boot";

/** The functions' own address. Only a signed call is answered: by the real Inngest's key, or by the embedded engine's, which never
 *  leaves this process. */
async function call(request: Request): Promise<Response> {
  const { functions } = await boot();
  return functions(request);
}

export { call as GET, call as POST, call as PUT };
