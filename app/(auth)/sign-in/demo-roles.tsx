"use client";

import { ArrowRight, Building2, UserRound } from "lucide-react";
import { useState } from "react";

const roles = [
  { role: "operator", word: "Operator", what: "Runs the program: conversions, payouts, live.", icon: Building2 },
  { role: "affiliate", word: "Affiliate", what: "Sees what was earned, why, and when it arrives.", icon: UserRound },
] as const;

/** The demo's one-click ways in; each leads to `next`, or home where that is not of its role. */
export function DemoRoles({ next }: { next: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const enter = async (role: string) => {
    const response = await fetch("/api/demo/sign-in", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ role }),
    });
    if (response.ok) return window.location.assign(next);
    const { reason } = (await response.json().catch(() => ({}))) as { reason?: string };
    setProblem(reason ?? "The demo did not let you in.");
  };
  return (
    <section aria-label="Demo" className="flex flex-col gap-2">
      <p className="text-13 text-ink-soft">This is a demo. Step in as</p>
      {roles.map(({ role, word, what, icon: Icon }) => (
        <button
          key={role}
          type="button"
          onClick={() => void enter(role)}
          className="group flex items-center gap-3 rounded-2 border border-line-strong bg-surface px-3.5 py-3 text-left transition-colors duration-100 hover:border-accent hover:bg-accent-wash"
        >
          <Icon aria-hidden className="size-5 text-accent-ink" />
          <span>
            <span className="block font-medium text-14">{word}</span>
            <span className="block text-12 text-ink-soft">{what}</span>
          </span>
          <ArrowRight aria-hidden className="ml-auto size-4 text-ink-faint group-hover:text-accent-ink" />
        </button>
      ))}
      {problem && (
        <p role="alert" className="text-13 text-reversed">
          {problem}
        </p>
      )}
    </section>
  );
}
