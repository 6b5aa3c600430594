import { useEffect } from "preact/hooks";

/** Prefixes the title of the document with a text while the view is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${text} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [text]);
}
