import { palette } from "./palette";

/** How far an amount has come on its way to the bank. */
export type MailStage = {
  /** Stages behind it, its own included. */
  reached: number;
  of: number;
  /** Where it stands, with the next date where one is known: "Held until 3 Dec". */
  label: string;
  /** It will come no further: it was taken back. */
  isEnded: boolean;
};

/** The stage line in characters, so that the plain text of a mail shows the same one. */
export function StageLine({ stage }: { stage: MailStage }) {
  const { reached, of, label, isEnded } = stage;
  return (
    <p
      style={{ margin: "2px 0 0", fontSize: 12, lineHeight: "18px", fontWeight: 600, color: palette.inkSoft }}
      className="ink-soft"
    >
      <span aria-hidden="true" style={{ letterSpacing: 1 }}>
        <span
          className={isEnded ? "reversed" : "accent"}
          style={{ color: isEnded ? palette.reversed : palette.accent }}
        >
          {isEnded ? `${"●".repeat(reached)}✕` : "●".repeat(reached)}
        </span>
        <span className="dot-empty" style={{ color: palette.dotEmpty }}>
          {isEnded ? "" : "○".repeat(of - reached)}
        </span>
      </span>
      {` ${label}`}
    </p>
  );
}
