import { classNames } from "./class-names";
import { type Tone, toneFill, toneText } from "./tones";

export type ProgressPart = { word: string; tone: Tone; count: number };

/** How far a run of many has come, by state: `done` of `of`, and a bar of all parts with their counts in words, also of those that no longer
 *  count. Announced politely as it changes. */
export function Progress({
  label,
  parts,
  done,
  of,
}: {
  label: string;
  parts: readonly ProgressPart[];
  done: number;
  of: number;
}) {
  return (
    <div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={of}
        aria-valuenow={done}
        aria-valuetext={`${done} of ${of} done`}
        className="flex h-2 gap-px overflow-hidden rounded-full bg-sunken"
      >
        {parts
          .filter((part) => part.count > 0)
          .map((part) => (
            <span
              key={part.word}
              style={{ flexGrow: part.count }}
              className={classNames("min-w-1 transition-[flex-grow] duration-200", toneFill[part.tone])}
            />
          ))}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-13">
        {parts
          .filter((part) => part.count > 0)
          .map((part) => (
            <li key={part.word} className="flex items-center gap-1.5">
              <span aria-hidden className={classNames("h-2 w-3 rounded-1", toneFill[part.tone])} />
              <span className="text-ink-soft">{part.word}</span>
              <span className={classNames("figures font-medium", toneText[part.tone])}>
                {part.count.toLocaleString("en")}
              </span>
            </li>
          ))}
      </ul>
    </div>
  );
}
