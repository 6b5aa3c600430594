// How well sources support what a view draws.

import type { Answer, Show, View } from "../api/types";
import type { words } from "./words";

/**
 * Returns how well the rows of an answer are supported, for the view and for its picture. It is empty for a map of one day, which
 * describes the rows that it draws, and for a table of rows without standings.
 */
export function populationOf({ support }: Pick<Answer, "support">, show: Show, view: View, w: (typeof words)["en"]): string {
  if (view === "map" && (show.from || show.until)) return "";
  if (support) return support.text;
  if (view === "table") return "";
  return show.more?.length ? w.supportedApart : w.notAssessed;
}
