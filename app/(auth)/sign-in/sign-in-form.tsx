"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/app/ui/button";
import { Field } from "@/app/ui/field";

/** E-mail and password; leads to `next`. Pasting is allowed; a wrong pair never says which of the two was wrong. */
export function SignInForm({ next, isSecond }: { next: string; isSecond: boolean }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, setIsPending] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsPending(true);
    const response = await fetch("/api/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: form.get("email"), password: form.get("password") }),
    }).catch(() => null);
    if (response?.ok) return window.location.assign(next);
    setIsPending(false);
    setProblem(wordsFor(response?.status));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
      {isSecond && (
        <p className="flex items-center gap-3 text-12 text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
          or with an account
        </p>
      )}
      <Field label="E-mail" name="email" type="email" autoComplete="username" required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      {problem && (
        <p role="alert" className="text-13 text-reversed">
          {problem}
        </p>
      )}
      <Button type="submit" look={isSecond ? "plain" : "primary"} size="large" pending={isPending}>
        Sign in
      </Button>
    </form>
  );
}

function wordsFor(status: number | undefined): string {
  if (status === undefined) return "The server cannot be reached. Check the connection and try again.";
  if (status === 429) return "Too many tries. Wait a quarter of an hour, then try again.";
  if (status >= 500) return "Something failed on our side. Try again in a moment.";
  return "Nobody signs in with this e-mail and password.";
}
