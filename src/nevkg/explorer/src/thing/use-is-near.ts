import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

const MARGIN = "600px";

/** Returns whether an element is or has been on the screen or just below it. It always is when the page is printed. */
export function useIsNear(element: RefObject<Element | null>): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    if (isNear || !element.current) return;
    const show = () => setIsNear(true);
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && show(), {
      rootMargin: MARGIN,
    });
    observer.observe(element.current);
    addEventListener("beforeprint", show);
    return () => {
      observer.disconnect();
      removeEventListener("beforeprint", show);
    };
  }, [isNear, element]);
  return isNear;
}
