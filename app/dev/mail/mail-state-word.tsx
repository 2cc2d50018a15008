import { CheckCheck, CircleDashed, CircleX, Clock, type LucideIcon, Send } from "lucide-react";
import { classNames } from "@/app/ui/class-names";
import { type Tone, toneText } from "@/app/ui/tones";
import type { MailState } from "@/server/mail";

const words: Record<MailState, { word: string; tone: Tone; icon: LucideIcon; means: string }> = {
  queued: { word: "Queued", tone: "held", icon: Clock, means: "Written; goes out within a minute." },
  sending: { word: "Sending", tone: "transit", icon: Send, means: "Being handed to the mail server." },
  sent: { word: "Sent", tone: "paid", icon: CheckCheck, means: "The mail server took it." },
  failed: { word: "Failed", tone: "reversed", icon: CircleX, means: "The mail server did not take it." },
  unknown: {
    word: "Unknown",
    tone: "unknown",
    icon: CircleDashed,
    means: "It may have left; it is not sent again by itself.",
  },
};

/** The state of a mail as icon, word and hue together. */
export function MailStateWord({ state }: { state: MailState }) {
  const { word, tone, icon: Icon, means } = words[state];
  return (
    <span
      title={means}
      className={classNames("inline-flex items-center gap-1.5 align-middle font-medium text-12", toneText[tone])}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {word}
    </span>
  );
}
