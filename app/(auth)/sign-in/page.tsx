import type { Metadata, Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { currentActor } from "@/app/actor";
import { Mark } from "@/app/shell/mark";
import { mayUseDemoSignIn } from "@/server/access";
import { getDatabase } from "@/server/db";
import { DemoRoles } from "./demo-roles";
import { nextPath } from "./next-path";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const next = nextPath((await searchParams).next);
  if (await currentActor()) redirect(next as Route);
  const demo = await mayUseDemoSignIn(await getDatabase(), await headers());
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[22rem] flex-col justify-center gap-8 px-5 py-12">
      <header>
        <Mark className="size-8" />
        <h1 className="mt-5 font-semibold text-20 tracking-tight">Sign in to Tributary</h1>
        <p className="mt-1 text-14 text-ink-soft">Conversions in, payouts out, every cent explained.</p>
      </header>
      {demo.kind === "allowed" && <DemoRoles next={next} />}
      <SignInForm next={next} isSecond={demo.kind === "allowed"} />
    </main>
  );
}
