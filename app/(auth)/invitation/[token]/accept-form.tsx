"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { useTRPC } from "@/app/trpc/client";
import { Button } from "@/app/ui/button";
import { Field } from "@/app/ui/field";
import { roleWords } from "@/app/ui/role-words";
import { SkeletonRows } from "@/app/ui/skeleton";

/** What one is invited to, and the password that makes it so; then one is signed in. */
export function AcceptForm({ token }: { token: string }) {
  const trpc = useTRPC();
  const { data, error } = useQuery({ ...trpc.invitation.get.queryOptions({ token }), retry: false });
  const accept = useMutation(
    trpc.invitation.accept.mutationOptions({
      onSuccess: async ({ email }, { password }) => {
        await fetch("/api/auth/sign-in/email", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ email, password }),
        }).catch(() => null);
        // Without a session the start leads to the sign-in page.
        window.location.assign("/");
      },
    }),
  );
  if (error) {
    return (
      <div>
        <h1 className="font-semibold text-20 tracking-tight">This link does not work</h1>
        <p className="mt-1 text-14 text-ink-soft">{error.message}</p>
      </div>
    );
  }
  if (!data) return <SkeletonRows rows={4} />;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    accept.mutate({ token, password: String(new FormData(event.currentTarget).get("password")) });
  };
  const { word, what } = roleWords[data.role];
  return (
    <>
      <header>
        <h1 className="font-semibold text-20 tracking-tight">Join {data.organization}</h1>
        <p className="mt-1 text-14 text-ink-soft">
          {data.name}, you are invited as {word}: {what}.
        </p>
      </header>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="E-mail" name="email" type="email" value={data.email} readOnly autoComplete="username" />
        <Field
          label={data.hasAccount ? "Password of your account" : "Choose a password"}
          name="password"
          type="password"
          required
          minLength={data.hasAccount ? undefined : 12}
          maxLength={128}
          autoComplete={data.hasAccount ? "current-password" : "new-password"}
          hint={
            data.hasAccount
              ? "This address has an account here already; its password proves that it is yours."
              : "12 characters or more. A sentence is a good one."
          }
          error={accept.error?.message}
        />
        <Button type="submit" look="primary" size="large" pending={accept.isPending || accept.isSuccess}>
          Join
        </Button>
      </form>
    </>
  );
}
