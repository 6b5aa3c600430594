import { useEffect } from "preact/hooks";

/** Puts a text before the title of the page for as long as the view is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${text} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [text]);
}
