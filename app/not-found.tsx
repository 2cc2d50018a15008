import { ButtonLink } from "@/app/ui/button";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <h1 className="font-semibold text-20">There is nothing at this address</h1>
      <p className="text-14 text-ink-soft">It may have been mistyped, or the thing it showed is not yours to see.</p>
      <ButtonLink href="/" look="primary">
        Go to the start
      </ButtonLink>
    </main>
  );
}
