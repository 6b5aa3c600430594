import type { Source } from "../api/types";
import { useDay } from "../state/day";
import { fill, useWords } from "../state/language";
import { AS_OF, set } from "../state/route";
import { ComparisonDayField } from "../ui/changes";
import { dayOf, monthOf, withoutOutliers } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";
import { words } from "./words";

/** Present in the address if links of all days are shown. */
export const ALWAYS = "always";

interface Props {
  readonly days: readonly string[]; // on which something changes, in order
  readonly isAlways: boolean;
  readonly against: number | null;
  readonly asOf: string;
}

/** The day of the graph. */
export function When({ days, isAlways, against, asOf }: Props) {
  const w = useWords(words);
  const today = dayOf(asOf) ?? 0;
  const [day, to] = useDay(today);
  if (!days.length) return null;
  const show = (chosen: number) => {
    if (isAlways) set({ [ALWAYS]: null }, true);
    to(chosen);
  };
  const months = [today, ...withoutOutliers(days.map((one) => dayOf(one) ?? today))].map(monthOf);
  return (
    <div class="when">
      <DaySlider day={day} today={today} onChange={show} first={Math.min(...months)} last={Math.max(...months)}>
        {!isAlways && <ComparisonDayField against={against} />}
        <button type="button" aria-pressed={isAlways} onClick={() => set({ [ALWAYS]: isAlways ? null : "true", [AS_OF]: null })}>
          {w.always}
        </button>
      </DaySlider>
      {isAlways && <span class="quiet">{fill(w.alwaysTold, asOf)}</span>}
    </div>
  );
}

interface SaysProps {
  readonly counts: readonly { readonly iri: string; readonly count: number }[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly chosen: string;
}

/** Only what one source says. */
export function Says({ counts, sources, chosen }: SaysProps) {
  const w = useWords(words);
  if (!counts.length) return null;
  return (
    <label class="says-by">
      <span>{w.says}</span>
      <select value={chosen} onChange={(event) => set({ says: event.currentTarget.value || null })}>
        <option value="">{w.anyone}</option>
        {counts.map(({ iri, count }) => (
          <option key={iri} value={iri}>
            {nameOf(sources.get(iri), iri)} ({count})
          </option>
        ))}
      </select>
    </label>
  );
}

const LONGEST = 90;

export function nameOf(source: Source | undefined, iri: string): string {
  const named = source?.devised ? [source.title, source.devised] : [source?.publisher, source?.title, source?.published];
  const text = source ? [source.unreliable, ...named].filter(Boolean).join(", ") : iri;
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
