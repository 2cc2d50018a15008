"use client";

import { Button } from "@/app/ui/button";
import { Id } from "@/app/ui/copy";
import { OnlyWhoMay } from "@/app/ui/deeds";
import { Fact, Facts } from "@/app/ui/facts";
import { Money } from "@/app/ui/money";
import { railWord } from "@/app/ui/rail-words";
import { StateBadge } from "@/app/ui/state-badge";
import { ThingLink } from "@/app/ui/thing-link";
import { Time } from "@/app/ui/time";
import { evidenceWords, type Task, taskWords } from "./task-words";

/** One task: what it is about, what is known, and what a person may do. */
export function TaskItem({ task, onAct }: { task: Task; onAct: (action: Task["actions"][number]) => void }) {
  const { title, todo } = taskWords[task.kind];
  return (
    <li className="flex flex-col gap-3 border-line border-b py-5 first:pt-0">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="font-medium text-14">{title}</h2>
        <About task={task} />
        <span className="ml-auto text-12 text-ink-faint">
          <Time at={task.createdAt} />
        </span>
      </div>
      <p className="max-w-[84ch] break-words text-13">{task.summary}</p>
      <Facts>
        {evidenceWords.map(([name, words]) => {
          const value = task.evidence[name];
          return value ? (
            <Fact key={name} name={words}>
              <Evidence name={name} value={value} />
            </Fact>
          ) : null;
        })}
        <Fact name="What to do">{todo(railWord(task.rail ?? "the rail"))}</Fact>
        {task.attempt?.nextCheckAt && (
          <Fact name="Meanwhile">
            We ask again by ourselves: <Time at={task.attempt.nextCheckAt} />
          </Fact>
        )}
      </Facts>
      <div className="flex flex-wrap gap-2">
        {task.actions.length > 0 ? (
          <OnlyWhoMay deed="settle_tasks">
            {task.actions.includes("resolve") && (
              <Button onClick={() => onAct("resolve")}>Say what became of it</Button>
            )}
            {task.actions.includes("close") && <Button onClick={() => onAct("close")}>Close</Button>}
          </OnlyWhoMay>
        ) : (
          <p className="text-13 text-ink-faint">Closes by itself once {railWord(task.rail ?? "the rail")} says more.</p>
        )}
      </div>
    </li>
  );
}

/** The payout, or the submission of many, with the way to it. */
function About({ task: { payout, attempt, batchId } }: { task: Task }) {
  if (payout) {
    return (
      <span className="flex flex-wrap items-center gap-x-3 text-13">
        <ThingLink
          href={batchId ? `/console/payouts/${batchId}?open=${payout.id}` : `/console/payouts?open=${payout.id}`}
          className="underline underline-offset-4"
        >
          Payout to {payout.affiliateName}
        </ThingLink>
        <Money amount={payout.amount} />
        <StateBadge of="payout" state={payout.state} />
      </span>
    );
  }
  if (!attempt || !batchId) return null;
  return (
    <span className="flex flex-wrap items-center gap-x-3 text-13">
      <ThingLink href={`/console/payouts/${batchId}`} className="underline underline-offset-4">
        {attempt.payouts.toLocaleString("en")} {attempt.payouts === 1 ? "payout" : "payouts"} of one batch
      </ThingLink>
      <Money amount={attempt.total} />
    </span>
  );
}

function Evidence({ name, value }: { name: string; value: string }) {
  if (name === "firstSentAt") return <Time at={new Date(value)} />;
  if (name === "key" || name === "providerBatch") return <Id id={value} />;
  return <span className="break-words">{value}</span>;
}
