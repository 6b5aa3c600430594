// The visible period, which is kept in the address.
import { useCallback, useEffect, useState } from "preact/hooks";
import { set, useRoute } from "../state/route";
import { isoOf, monthOf, monthStart, type Span, spanOf, withoutOutliers, yearOf } from "../ui/dates";

export interface Window {
  readonly start: number;
  readonly end: number;
}

const KEY = "span";
const SETTLE_DELAY = 200; // milliseconds
const MIN_LENGTH = 28; // days
const YEAR = 366;

/** Returns a window around all spans, with a margin. */
export function wholeOf(spans: readonly Span[], today: number): Window {
  const days = spans.flatMap(({ start, end }) => [start, end]).filter((day): day is number => day !== null);
  const relevant = withoutOutliers(days.sort((a, b) => a - b));
  const [first, last] = [relevant[0] ?? today - YEAR, relevant.at(-1) ?? today];
  const margin = Math.max(30, Math.round((last - first) * 0.02));
  return { start: first - margin, end: last + margin };
}

export function zoom({ start, end }: Window, factor: number, center: number): Window {
  const length = Math.max(MIN_LENGTH, (end - start) * factor);
  const share = (center - start) / (end - start);
  return { start: Math.round(center - length * share), end: Math.round(center + length * (1 - share)) };
}

export function shift({ start, end }: Window, days: number): Window {
  return { start: Math.round(start + days), end: Math.round(end + days) };
}

export interface Tick {
  readonly day: number;
  readonly label: string;
}

/** The distances between ticks, in months. */
const STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600];

/** Returns the first days of months or years as ticks, with the smallest step that gives about `maxTicks` of them. */
export function ticksOf({ start, end }: Window, maxTicks: number): Tick[] {
  const step = STEPS.find((months) => (end - start) / (months * 30.44) <= maxTicks) ?? 1200;
  const ticks: Tick[] = [];
  for (let month = Math.ceil(monthOf(start) / step) * step; month <= monthOf(end); month += step) {
    const day = monthStart(month);
    if (day >= start && day <= end) ticks.push({ day, label: month % 12 === 0 ? String(yearOf(day)) : isoOf(day).slice(0, 7) });
  }
  return ticks;
}

/** Returns the window of the address, and a function that changes it: at once in the view, in the address after a pause. */
export function useWindow(whole: Window): [Window, (next: Window | null) => void] {
  const { params } = useRoute();
  const span = spanOf(params.get(KEY) ?? "");
  const [pending, setPending] = useState<Window | null | undefined>(undefined);
  useEffect(() => {
    if (pending === undefined) return;
    const timer = setTimeout(() => {
      set({ [KEY]: pending ? `${isoOf(pending.start)}/${isoOf(pending.end - 1)}` : null }, true);
      setPending(undefined);
    }, SETTLE_DELAY);
    return () => clearTimeout(timer);
  }, [pending]);
  const saved = span?.start != null && span.end != null ? { start: span.start, end: span.end } : whole;
  return [pending === undefined ? saved : (pending ?? whole), useCallback((next: Window | null) => setPending(next), [])];
}
