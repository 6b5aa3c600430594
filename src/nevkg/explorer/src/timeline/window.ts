// The visible period, which is kept in the address, and how dragging and the wheel change it.

import type { RefObject } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
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

const DRAG_THRESHOLD = 4; // pixels
const WHEEL_SPEED = 0.0022;

/** Returns a ref for an element whose time axis is the rightmost `width` pixels. */
export function usePan(window: Window, setWindow: (next: Window) => void, width: number): RefObject<HTMLDivElement | null> {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef({ window, setWindow, width });
  latest.current = { window, setWindow, width };
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let drag: { x: number; window: Window; hasMoved: boolean } | null = null;
    const onPointerDown = (event: PointerEvent) => {
      if (event.button === 0 && event.pointerType === "mouse") drag = { x: event.clientX, window: latest.current.window, hasMoved: false };
    };
    const onPointerMove = (event: PointerEvent) => {
      if (!drag) return;
      const distance = event.clientX - drag.x;
      drag.hasMoved ||= Math.abs(distance) > DRAG_THRESHOLD;
      if (!drag.hasMoved) return;
      const { start, end } = drag.window;
      latest.current.setWindow(shift(drag.window, (-distance / latest.current.width) * (end - start)));
    };
    const onPointerUp = () => {
      if (drag?.hasMoved) element.addEventListener("click", suppressClick, { capture: true, once: true });
      setTimeout(() => element.removeEventListener("click", suppressClick, { capture: true }), 0);
      drag = null;
    };
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { window, width } = latest.current;
      const share = 1 - (element.getBoundingClientRect().right - event.clientX) / width;
      const center = window.start + Math.min(1, Math.max(0, share)) * (window.end - window.start);
      latest.current.setWindow(zoom(window, Math.exp(event.deltaY * WHEEL_SPEED), center));
    };
    const onDragStart = (event: Event) => event.preventDefault(); // links must not be dragged
    element.addEventListener("pointerdown", onPointerDown);
    element.addEventListener("dragstart", onDragStart);
    element.addEventListener("wheel", onWheel, { passive: false });
    addEventListener("pointermove", onPointerMove);
    addEventListener("pointerup", onPointerUp);
    return () => {
      element.removeEventListener("pointerdown", onPointerDown);
      element.removeEventListener("dragstart", onDragStart);
      element.removeEventListener("wheel", onWheel);
      removeEventListener("pointermove", onPointerMove);
      removeEventListener("pointerup", onPointerUp);
    };
  }, []);
  return ref;
}

function suppressClick(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
