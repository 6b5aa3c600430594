// The part of time that is seen; it stands in the address.
import { useCallback, useEffect, useState } from "preact/hooks";
import { set, useRoute } from "../state/route";
import { isoOf, monthOf, monthStart, recent, type Span, spanOf, yearOf } from "../ui/dates";

export interface Window {
  readonly start: number;
  readonly end: number;
}

const KEY = "span";
const SETTLED = 200; // milliseconds
const LEAST = 28; // days
const YEAR = 366;

/** The whole of some times, with a margin. */
export function wholeOf(spans: readonly Span[], today: number): Window {
  const days = spans.flatMap(({ start, end }) => [start, end]).filter((day): day is number => day !== null);
  const told = recent(days.sort((a, b) => a - b));
  const [first, last] = [told[0] ?? today - YEAR, told.at(-1) ?? today];
  const margin = Math.max(30, Math.round((last - first) * 0.02));
  return { start: first - margin, end: last + margin };
}

export function zoomed({ start, end }: Window, factor: number, around: number): Window {
  const length = Math.max(LEAST, (end - start) * factor);
  const share = (around - start) / (end - start);
  return { start: Math.round(around - length * share), end: Math.round(around + length * (1 - share)) };
}

export function moved({ start, end }: Window, days: number): Window {
  return { start: Math.round(start + days), end: Math.round(end + days) };
}

export interface Tick {
  readonly day: number;
  readonly label: string;
}

const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240, 600];

/** Months or years, as many as there is room for. */
export function ticksOf({ start, end }: Window, most: number): Tick[] {
  const step = MONTHS.find((months) => (end - start) / (months * 30.44) <= most) ?? 1200;
  const found: Tick[] = [];
  for (let month = Math.ceil(monthOf(start) / step) * step; month <= monthOf(end); month += step) {
    const day = monthStart(month);
    if (day >= start && day <= end) found.push({ day, label: month % 12 === 0 ? String(yearOf(day)) : isoOf(day).slice(0, 7) });
  }
  return found;
}

export function useWindow(whole: Window): [Window, (next: Window | null) => void] {
  const { params } = useRoute();
  const span = spanOf(params.get(KEY) ?? "");
  const [live, move] = useState<Window | null | undefined>(undefined);
  useEffect(() => {
    if (live === undefined) return;
    const timer = setTimeout(() => {
      set({ [KEY]: live ? `${isoOf(live.start)}/${isoOf(live.end - 1)}` : null }, true);
      move(undefined);
    }, SETTLED);
    return () => clearTimeout(timer);
  }, [live]);
  const written = span?.start != null && span.end != null ? { start: span.start, end: span.end } : whole;
  return [live === undefined ? written : (live ?? whole), useCallback((next: Window | null) => move(next), [])];
}
