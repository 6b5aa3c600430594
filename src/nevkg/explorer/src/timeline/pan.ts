// Dragging and the wheel, over the lanes.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moved, type Window, zoomed } from "./window";

const SLACK = 4; // pixels before a press is a drag
const PACE = 0.0022;

/** For the element whose right part, as wide as told, is time. */
export function usePan(window: Window, look: (next: Window) => void, width: number): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const now = useRef({ window, look, width });
  now.current = { window, look, width };
  useEffect(() => {
    const self = element.current;
    if (!self) return;
    let begun: { x: number; window: Window; far: boolean } | null = null;
    const press = (event: PointerEvent) => {
      if (event.button === 0 && event.pointerType === "mouse") begun = { x: event.clientX, window: now.current.window, far: false };
    };
    const drag = (event: PointerEvent) => {
      if (!begun) return;
      const by = event.clientX - begun.x;
      begun.far ||= Math.abs(by) > SLACK;
      if (!begun.far) return;
      const { start, end } = begun.window;
      now.current.look(moved(begun.window, (-by / now.current.width) * (end - start)));
    };
    const leave = () => {
      if (begun?.far) self.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => self.removeEventListener("click", swallow, { capture: true }), 0);
      begun = null;
    };
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { window: seen, width: wide } = now.current;
      const share = 1 - (self.getBoundingClientRect().right - event.clientX) / wide;
      const around = seen.start + Math.min(1, Math.max(0, share)) * (seen.end - seen.start);
      now.current.look(zoomed(seen, Math.exp(event.deltaY * PACE), around));
    };
    const still = (event: Event) => event.preventDefault(); // links are not dragged away
    self.addEventListener("pointerdown", press);
    self.addEventListener("dragstart", still);
    self.addEventListener("wheel", wheel, { passive: false });
    addEventListener("pointermove", drag);
    addEventListener("pointerup", leave);
    return () => {
      self.removeEventListener("pointerdown", press);
      self.removeEventListener("dragstart", still);
      self.removeEventListener("wheel", wheel);
      removeEventListener("pointermove", drag);
      removeEventListener("pointerup", leave);
    };
  }, []);
  return element;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
