// Compares two days: which places appeared, ended or changed.
import type { Row, Show } from "../api/types";
import { type Colors, GREY } from "../state/colors";
import { CHANGE_COLORS, CHANGES, type Change } from "../ui/changes";
import { keysOf } from "../ui/keys";
import { holds, type Period } from "./periods";

/** The colours of the kinds of change. */
export const changeColors: Colors = {
  of: (key) => CHANGE_COLORS[key as Change] ?? GREY,
  indexOf: (key) => CHANGES.indexOf(key as Change),
  keys: CHANGES,
};

export interface PlaceChange {
  readonly change: Change;
  /** The rows of the later day, or of the earlier one if the place ended. */
  readonly rows: readonly number[];
  /** The rows of the earlier day if the place changed. */
  readonly before: readonly number[];
}

/** Returns how each place differs between two days. Places on neither day are left out. */
export function compare(
  rows: readonly Row[],
  show: Pick<Show, "place" | "color" | "status">,
  indices: readonly number[],
  periods: readonly Period[],
  [before, after]: readonly [number, number],
): Map<string, PlaceChange> {
  const places = new Map<string, { before: number[]; after: number[] }>();
  for (const row of indices) {
    const period = periods[row] as Period;
    for (const key of keysOf(rows[row]?.[show.place ?? ""])) {
      const days = places.get(key) ?? { before: [], after: [] };
      if (holds(period, before)) days.before.push(row);
      if (holds(period, after)) days.after.push(row);
      places.set(key, days);
    }
  }
  const signature = (own: readonly number[]) =>
    [...new Set(own.map((row) => JSON.stringify([show.color, show.status].map((name) => keysOf(name ? rows[row]?.[name] : null)))))]
      .sort()
      .join(" ");
  return new Map(
    [...places].flatMap(([key, days]): [string, PlaceChange][] => {
      if (!days.before.length && !days.after.length) return [];
      if (!days.before.length) return [[key, { change: "appeared", rows: days.after, before: [] }]];
      if (!days.after.length) return [[key, { change: "ended", rows: days.before, before: [] }]];
      const isSame = signature(days.before) === signature(days.after);
      return [[key, { change: isSame ? "same" : "changed", rows: days.after, before: isSame ? [] : days.before }]];
    }),
  );
}
