import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const MARGIN = "600px";

/** Whether an element is, or has been, on the screen or a little below it; always so on paper. */
export function useNear(of: RefObject<Element | null>): boolean {
  const [isNear, set] = useState(false);
  useEffect(() => {
    if (isNear || !of.current) return;
    const come = () => set(true);
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && come(), { rootMargin: MARGIN });
    watch.observe(of.current);
    addEventListener("beforeprint", come);
    return () => {
      watch.disconnect();
      removeEventListener("beforeprint", come);
    };
  }, [isNear, of]);
  return isNear;
}
