// What changed between two days: which places appeared, ended, or are there with something else.
import type { Row, Show } from "../api/types";
import { type Colors, GREY } from "../state/colors";
import { CHANGE_COLORS, CHANGES, type Change } from "../ui/changes";
import { keysOf } from "../ui/keys";
import { holds, type Spell } from "./spells";

/** The colours of changes, as those of any other key. */
export const OF_CHANGES: Colors = {
  of: (key) => CHANGE_COLORS[key as Change] ?? GREY,
  indexOf: (key) => CHANGES.indexOf(key as Change),
  keys: CHANGES,
};

export interface Compared {
  readonly change: Change;
  /** The rows of the later day; those of the earlier one where it ended. */
  readonly rows: readonly number[];
  /** The rows of the earlier day, where they are others. */
  readonly before: readonly number[];
}

/** For each place that is there on one of the days, how the later day differs from the earlier one. */
export function compare(
  rows: readonly Row[],
  show: Pick<Show, "place" | "color" | "status">,
  wanted: readonly number[],
  spells: readonly Spell[],
  [before, after]: readonly [number, number],
): Map<string, Compared> {
  const places = new Map<string, { before: number[]; after: number[] }>();
  for (const row of wanted) {
    const spell = spells[row] as Spell;
    for (const key of keysOf(rows[row]?.[show.place ?? ""])) {
      const known = places.get(key) ?? { before: [], after: [] };
      if (holds(spell, before)) known.before.push(row);
      if (holds(spell, after)) known.after.push(row);
      places.set(key, known);
    }
  }
  const signature = (found: readonly number[]) =>
    [...new Set(found.map((row) => JSON.stringify([show.color, show.status].map((name) => keysOf(name ? rows[row]?.[name] : null)))))]
      .sort()
      .join(" ");
  return new Map(
    [...places].flatMap(([key, days]): [string, Compared][] => {
      if (!days.before.length && !days.after.length) return [];
      if (!days.before.length) return [[key, { change: "appeared", rows: days.after, before: [] }]];
      if (!days.after.length) return [[key, { change: "ended", rows: days.before, before: [] }]];
      const isSame = signature(days.before) === signature(days.after);
      return [[key, { change: isSame ? "same" : "changed", rows: days.after, before: isSame ? [] : days.before }]];
    }),
  );
}
