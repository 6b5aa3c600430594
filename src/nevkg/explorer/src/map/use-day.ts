import { useCallback, useEffect, useState } from "preact/hooks";
import { set, useRoute } from "../state/route";
import { dayOf, isoOf } from "../ui/dates";

const SETTLED = 180; // milliseconds after which a day goes into the address

/** The day that is shown. It changes at once, and goes into the address when it rests. */
export function useDay(today: number): [number, (day: number) => void] {
  const { asked } = useRoute();
  const told = dayOf(asked.get("day") ?? "") ?? today;
  const [live, move] = useState<number | null>(null);
  useEffect(() => {
    if (live === null) return;
    const timer = setTimeout(() => {
      set({ day: live === today ? null : isoOf(live) }, true);
      move(null);
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [live, today]);
  return [live ?? told, useCallback((day: number) => move(day), [])];
}
