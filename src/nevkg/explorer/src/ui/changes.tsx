// The comparison of two days: its parameter, colours and legend.
import type { ComponentChildren } from "preact";
import { number, useLanguage, useWords } from "../state/language";
import { set } from "../state/route";
import { isoOf } from "./dates";
import { CIRCLE, CROSS, DIAMOND, PLUS, Shape, Swatch } from "./legend";
import { words } from "./words";

/** The parameter with the day that the day of the view is compared with. */
export const AGAINST = "against";

export const CHANGES = ["appeared", "changed", "ended", "same"] as const;
export type Change = (typeof CHANGES)[number];

/** The shapes of the kinds of change, since their colours are not distinguishable with all colour vision deficiencies. */
export const CHANGE_SHAPES: Readonly<Record<Change, number>> = { appeared: PLUS, changed: DIAMOND, ended: CROSS, same: CIRCLE };

export const CHANGE_COLORS: Readonly<Record<Change, string>> = {
  appeared: "#009e73",
  changed: "#b8860b",
  ended: "#d55e00",
  same: "#8a8a8a",
};

/** The field for the day to compare with. */
export function ComparisonDayField({ against }: { against: number | null }) {
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

/** The legend of change colours, with the number of each. */
export function ChangeLegend({ changes }: { changes: readonly Change[] }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <section class="entries plain">
      <ul class="across">
        {CHANGES.filter((change) => changes.includes(change)).map((change) => (
          <li key={change}>
            <ChangeMark change={change} /> {w.change[change]}{" "}
            <span class="count">{number(changes.filter((other) => other === change).length, lang)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ChangeMark({ change }: { change: Change }) {
  return (
    <Swatch>
      <Shape shape={CHANGE_SHAPES[change]} color={CHANGE_COLORS[change]} size={6} />
    </Swatch>
  );
}

interface ChangeGroupsProps<T> {
  readonly items: readonly T[];
  readonly changeOf: (item: T) => Change | undefined;
  readonly isOpen?: (change: Change) => boolean;
  /** Returns the list item of an item. */
  readonly children: (item: T) => ComponentChildren;
}

/** Items as a list for each change, which can be opened. */
export function ChangeGroups<T>({ items, changeOf, isOpen = () => false, children }: ChangeGroupsProps<T>) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <>
      {CHANGES.map((change) => {
        const group = items.filter((item) => changeOf(item) === change);
        if (!group.length) return null;
        return (
          <details key={change} open={isOpen(change)}>
            <summary>
              <ChangeMark change={change} /> {w.change[change]} <span class="count">{number(group.length, lang)}</span>
            </summary>
            <ul>{group.map(children)}</ul>
          </details>
        );
      })}
    </>
  );
}
