import type { Metadata } from "next";
import { Mark } from "@/app/shell/mark";
import { QueryProvider } from "@/app/trpc/provider";
import { AcceptForm } from "./accept-form";

// The address is the key: it must not travel on.
export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer", robots: { index: false } };

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[22rem] flex-col justify-center gap-8 px-5 py-12">
      <Mark className="size-8" />
      <QueryProvider>
        <AcceptForm token={decodeURIComponent(token)} />
      </QueryProvider>
    </main>
  );
}
