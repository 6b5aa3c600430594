// How a link differs between two days, or that it does not hold on the day.

export const EDGE_STATES = ["past", "appeared", "ended"] as const;
export type EdgeState = (typeof EDGE_STATES)[number];

/** Returns the sign beside a link that has appeared or ended, since colours are not distinguishable for everyone. */
export function signOf(state: EdgeState | undefined): string {
  return state === "appeared" ? "+" : state === "ended" ? "×" : "";
}
