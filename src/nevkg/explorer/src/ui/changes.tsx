// What changed between two days: in colours, and in words.
import { number, useLanguage, useWords } from "../state/language";
import { set } from "../state/route";
import { isoOf } from "./dates";
import { Swatch } from "./legend";
import { words } from "./words";

/** In the address: the day with which the day of the view is compared. */
export const AGAINST = "against";

export const CHANGES = ["appeared", "changed", "ended", "same"] as const;
export type Change = (typeof CHANGES)[number];

/** Distinct for all common kinds of colour vision; lists say the same in words. */
export const CHANGE_COLORS: Readonly<Record<Change, string>> = {
  appeared: "#009e73",
  changed: "#b8860b",
  ended: "#d55e00",
  same: "#8a8a8a",
};

/** The field for the other day. */
export function Against({ against }: { against: number | null }) {
  const w = useWords(words);
  return (
    <label>
      {w.against}{" "}
      <input
        type="date"
        value={against === null ? "" : isoOf(against)}
        onChange={(event) => set({ [AGAINST]: event.currentTarget.value || null })}
      />
    </label>
  );
}

/** What the colours of changes mean, and how many there are of each. */
export function ChangeLegend({ changes }: { changes: readonly Change[] }) {
  const w = useWords(words);
  const language = useLanguage();
  return (
    <section class="entries plain">
      <ul class="across">
        {CHANGES.filter((change) => changes.includes(change)).map((change) => (
          <li key={change}>
            <ChangeMark change={change} /> {w.change[change]}{" "}
            <span class="count">{number(changes.filter((one) => one === change).length, language)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ChangeMark({ change }: { change: Change }) {
  return (
    <Swatch>
      <circle r={6} fill={CHANGE_COLORS[change]} />
    </Swatch>
  );
}
