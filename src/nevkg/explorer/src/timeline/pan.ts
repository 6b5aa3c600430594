// Panning by drag and zooming by wheel over the lanes.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { shift, type Window, zoom } from "./window";

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
