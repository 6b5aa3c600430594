import { useCallback, useEffect, useState } from "preact/hooks";
import type { Dataset } from "../api/types";
import { useGet } from "../api/use";
import { dayOf, isoOf } from "../ui/dates";
import { useLanguage } from "./language";
import { AS_OF, set, useRoute } from "./route";

const SETTLED = 180; // milliseconds after which a day goes into the address

/** The day that is shown, `today` if the address has none. It changes at once, and goes into the address when it rests. */
export function useDay(today: number): [number, (day: number) => void] {
  const { params } = useRoute();
  const stated = dayOf(params.get(AS_OF) ?? "") ?? today;
  const [live, move] = useState<number | null>(null);
  useEffect(() => {
    if (live === null) return;
    const timer = setTimeout(() => {
      set({ [AS_OF]: live === today ? null : isoOf(live) }, true);
      move(null);
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [live, today]);
  return [live ?? stated, useCallback((day: number) => move(day), [])];
}

/** The day of the dataset; null until it is known. */
export function useToday(): number | null {
  const dataset = useGet<Dataset>("api/dataset", { lang: useLanguage() });
  return dataset.state === "loaded" ? dayOf(dataset.data.date) : null;
}
