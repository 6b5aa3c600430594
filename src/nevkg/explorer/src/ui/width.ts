import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** The width of an element, followed as it changes; 0 before it is known. */
export function useWidth(of: RefObject<Element | null>): number {
  const [width, set] = useState(0);
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return;
    set(Math.floor(element.clientWidth));
    const observer = new ResizeObserver(([entry]) => entry && set(Math.floor(entry.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return width;
}
