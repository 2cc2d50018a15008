import { betterAuth } from "better-auth";
import { createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import { z } from "zod";
import type { Database } from "@/server/db";
import { type Env, env } from "@/server/env";
import { Refusal } from "@/server/errors";
import { log } from "@/server/log";
import { countSignInTry, forgetSignInTries } from "./count-sign-in-try";
import { ownerAdapter } from "./owner-adapter";

/** What sign-in needs to know of the environment. */
export type AuthSettings = Pick<Env, "mode" | "appUrl" | "appSecret" | "port">;

/** E-mail and password sign-in with sessions in the database. Nobody signs up by himself: operators make users.
 *  Cookies are marked Secure in production. */
export function createAuth(database: Database, settings: AuthSettings, clock = () => new Date()) {
  return betterAuth({
    baseURL: settings.appUrl,
    secret: settings.appSecret,
    trustedOrigins: (request) => [...knownOrigins(settings), ...ownOrigin(request)],
    database: ownerAdapter(database),
    emailAndPassword: { enabled: true, disableSignUp: true },
    advanced: {
      cookiePrefix: "tributary",
      useSecureCookies: settings.mode === "production",
      // Said, because the library leaves the check out under a test runner.
      disableOriginCheck: false,
    },
    telemetry: { enabled: false },
    // A wrong password is no news for the log; what fails inside is.
    logger: { level: "error", log: (_level, message) => log.error({ part: "sign-in" }, message) },
    hooks: signInLimits(database, clock),
    plugins: [passwordlessSession()],
  });
}

export type Auth = ReturnType<typeof createAuth>;

/** `globalThis`, because Next loads routes and pages as several module graphs of one process. */
const shelf = globalThis as typeof globalThis & { tributaryAuth?: { database: Database; auth: Auth } };

/** The sign-in of this process, made once per database. Errors: those of env. */
export function authOf(database: Database): Auth {
  if (shelf.tributaryAuth?.database !== database) {
    shelf.tributaryAuth = { database, auth: createAuth(database, env()) };
  }
  return shelf.tributaryAuth.auth;
}

function knownOrigins({ mode, appUrl, port }: AuthSettings): string[] {
  if (mode === "production") return [appUrl];
  return [appUrl, `http://localhost:${port}`, `http://127.0.0.1:${port}`];
}

/** A page of the very host that is asked: an installation may be reached under an address that APP_URL does not name. Another site's page
 *  names that site, which no header of its own can change. */
function ownOrigin(request: Request | undefined): string[] {
  const origin = request?.headers.get("origin") ?? "";
  const host = request?.headers.get("host");
  return host && URL.canParse(origin) && new URL(origin).host === host ? [origin] : [];
}

/** Ten wrong passwords for one address, then a quarter of an hour of nothing. The library's own limit counts by a header that whoever asks may
 *  write himself, and in one process. */
function signInLimits(database: Database, clock: () => Date) {
  const addressIn = ({ path, body }: { path?: string; body?: unknown }): string | null => {
    const email = path === "/sign-in/email" ? (body as { email?: unknown } | undefined)?.email : null;
    return typeof email === "string" ? email : null;
  };
  return {
    before: createAuthMiddleware(async (context) => {
      const email = addressIn(context);
      if (email === null) return;
      const waitSeconds = await database.asOwner((tx) => countSignInTry(tx, email, clock()));
      if (waitSeconds === 0) return;
      // Said, not thrown: the library writes what is thrown to the log, past ours.
      return Response.json(
        { message: `too many tries; wait ${waitSeconds} seconds` },
        { status: 429, headers: { "retry-after": String(waitSeconds) } },
      );
    }),
    after: createAuthMiddleware(async (context) => {
      const email = addressIn(context);
      if (email !== null && context.context.newSession) await database.asOwner((tx) => forgetSignInTries(tx, email));
    }),
  };
}

/** A session without a password, for the demo's one-click roles. Has no path: only code of this room can call it. */
function passwordlessSession() {
  return {
    id: "passwordless-session",
    endpoints: {
      startSession: createAuthEndpoint.serverOnly(
        { method: "POST", body: z.object({ userId: z.string() }) },
        async (context) => {
          const { internalAdapter } = context.context;
          const user = await internalAdapter.findUserById(context.body.userId);
          if (!user) throw new Refusal("not_found", `user ${context.body.userId} does not exist`);
          const session = await internalAdapter.createSession(user.id);
          await setSessionCookie(context, { session, user });
          return { userId: user.id };
        },
      ),
    },
  };
}
