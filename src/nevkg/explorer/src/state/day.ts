import { useCallback, useEffect, useState } from "preact/hooks";
import { dayOf, isoOf } from "../ui/dates";
import { AS_OF, set, useRoute } from "./route";

const DELAY = 180; // milliseconds without a change before the address gets the day

/** Returns the day of the view and its setter. The day changes at once; the address follows after a delay. */
export function useDay(today: number): [number, (day: number) => void] {
  const { params } = useRoute();
  const routeDay = dayOf(params.get(AS_OF) ?? "") ?? today;
  const [pendingDay, setPendingDay] = useState<number | null>(null);
  useEffect(() => {
    if (pendingDay === null) return;
    const timer = setTimeout(() => {
      set({ [AS_OF]: pendingDay === today ? null : isoOf(pendingDay) }, true);
      setPendingDay(null);
    }, DELAY);
    return () => clearTimeout(timer);
  }, [pendingDay, today]);
  return [pendingDay ?? routeDay, useCallback((day: number) => setPendingDay(day), [])];
}
