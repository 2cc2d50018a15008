import type { Stage } from "@/server/insight";
import { classNames } from "./class-names";
import { Time } from "./time";
import { type Tone, toneFill, toneText } from "./tones";

const words: Record<Stage["current"], { word: string; tone: Tone }> = {
  clicked: { word: "Clicked", tone: "held" },
  reported: { word: "Reported", tone: "held" },
  approved: { word: "Approved", tone: "held" },
  "hold over": { word: "Payable", tone: "payable" },
  "in batch": { word: "In batch", tone: "transit" },
  sent: { word: "Sent", tone: "transit" },
  paid: { word: "Paid", tone: "paid" },
  parked: { word: "Parked", tone: "unknown" },
  declined: { word: "Declined", tone: "reversed" },
  reversed: { word: "Reversed", tone: "reversed" },
  failed: { word: "Failed", tone: "reversed" },
  unknown: { word: "Unknown", tone: "unknown" },
};

const stepWords: Record<Stage["stages"][number]["name"], string> = {
  clicked: "Clicked",
  reported: "Reported",
  approved: "Approved",
  "hold over": "Hold over",
  "in batch": "In batch",
  sent: "Sent",
  paid: "Paid",
};

type Area = "console" | "portal";

const holders: Record<Area, Record<Stage["holder"], string>> = {
  console: {
    shop: "With the shop",
    network: "With the network",
    us: "With us",
    rail: "With the payment rail",
    you: "With the affiliate",
  },
  portal: {
    shop: "With the shop",
    network: "With the network",
    us: "With us",
    rail: "With the payment provider",
    you: "With you",
  },
};

/** The way of an amount from click to bank: one thin line, filled as far as it has come, the current stage named, the expected next
 *  date at its end. `small` for a table cell, `full` for a drawer. Days are those of the sentence. Screen readers get the sentence instead. */
export function StageLine({
  stage,
  size = "small",
  area = "console",
}: {
  stage: Stage;
  size?: "small" | "full";
  area?: Area;
}) {
  return size === "small" ? <SmallLine stage={stage} /> : <FullLine stage={stage} area={area} />;
}

function SmallLine({ stage }: { stage: Stage }) {
  const { word, tone } = words[stage.current];
  const reached = stage.stages.findIndex((step) => step.state === "current");
  return (
    <span className="inline-flex items-center gap-2.5 align-middle" title={stage.sentence}>
      <span className="sr-only">{stage.sentence}</span>
      <span aria-hidden className="flex w-24 items-center">
        {stage.stages.map((step, index) => (
          <span key={step.name} className={classNames("flex items-center", index > 0 && "flex-1")}>
            {index > 0 && <Reach isDone={index <= reached} tone={tone} />}
            {step.state === "current" && <Dot tone={tone} isEnd={step.name === "paid"} />}
          </span>
        ))}
      </span>
      <span aria-hidden className={classNames("w-[4.6rem] text-12 font-medium", toneText[tone])}>
        {word}
      </span>
      <span aria-hidden className="w-20 text-12 text-ink-faint">
        {stage.next?.expected && <Time at={stage.next.expected} timeZone={stage.timeZone} />}
      </span>
    </span>
  );
}

function FullLine({ stage, area }: { stage: Stage; area: Area }) {
  const { word, tone } = words[stage.current];
  const reached = stage.stages.findIndex((step) => step.state === "current");
  const isOffWay = stage.current !== stage.stages[reached]?.name;
  return (
    <figure className="flex flex-col gap-4">
      <figcaption className="text-14">{stage.sentence}</figcaption>
      <ol aria-hidden className="grid sm:grid-cols-7">
        {stage.stages.map((step, index) => (
          <Step
            key={step.name}
            at={step.at}
            word={step.state === "current" && isOffWay ? word : stepWords[step.name]}
            isCurrent={step.state === "current"}
            isReached={index <= reached}
            isPassed={index < reached}
            isFirst={index === 0}
            isLast={index === stage.stages.length - 1}
            tone={tone}
            timeZone={stage.timeZone}
          />
        ))}
      </ol>
      <p className="text-13 text-ink-faint">
        {holders[area][stage.holder]} since <Time at={stage.since} timeZone={stage.timeZone} />
        {stage.next?.expected && (
          <>
            {" · "}next expected{" "}
            <Time at={stage.next.expected} format="date" timeZone={stage.timeZone} className="text-ink-soft" />
          </>
        )}
      </p>
    </figure>
  );
}

type StepProps = {
  at: Date | null;
  word: string;
  isCurrent: boolean;
  isReached: boolean;
  isPassed: boolean;
  isFirst: boolean;
  isLast: boolean;
  tone: Tone;
  timeZone: string;
};

/** One stage of the full line: across on wide screens, down on phones. */
function Step({ at, word, isCurrent, isReached, isPassed, isFirst, isLast, tone, timeZone }: StepProps) {
  return (
    <li className="flex min-w-0 items-center gap-x-3 gap-y-1.5 max-sm:h-8 sm:flex-col">
      <span className="flex items-center max-sm:h-full max-sm:w-3 max-sm:flex-col sm:h-3 sm:w-full">
        <span className={classNames("flex flex-1 items-center justify-center max-sm:flex-col", isFirst && "invisible")}>
          <Reach isDone={isReached} tone={tone} isUpright />
        </span>
        {isCurrent ? <Dot tone={tone} isEnd={isLast} /> : <Tick isDone={isPassed} tone={tone} />}
        <span className={classNames("flex flex-1 items-center justify-center max-sm:flex-col", isLast && "invisible")}>
          <Reach isDone={isPassed} tone={tone} isUpright />
        </span>
      </span>
      <span
        className={classNames(
          "truncate text-12",
          isReached ? "text-ink-soft" : "text-ink-faint",
          isCurrent && ["font-medium", toneText[tone]],
        )}
      >
        {word}
      </span>
      <span className="h-4 truncate text-12 text-ink-faint max-sm:ml-auto">
        {at && <Time at={at} format="date" timeZone={timeZone} />}
      </span>
    </li>
  );
}

/** `isUpright`: the full line stands on phones. */
function Reach({ isDone, tone, isUpright = false }: { isDone: boolean; tone: Tone; isUpright?: boolean }) {
  return (
    <span
      className={classNames(
        "flex-1",
        isDone ? ["h-0.5", toneFill[tone]] : "h-px bg-line-strong",
        isUpright && (isDone ? "max-sm:h-auto max-sm:w-0.5" : "max-sm:h-auto max-sm:w-px"),
      )}
    />
  );
}

function Dot({ tone, isEnd }: { tone: Tone; isEnd: boolean }) {
  return (
    <span
      className={classNames(
        "size-2.5 shrink-0 rounded-full border-2 border-current",
        toneText[tone],
        isEnd && "bg-current",
        tone === "unknown" && "border-dashed",
      )}
    />
  );
}

function Tick({ isDone, tone }: { isDone: boolean; tone: Tone }) {
  return <span className={classNames("size-1 shrink-0 rounded-full", isDone ? toneFill[tone] : "bg-line-strong")} />;
}
