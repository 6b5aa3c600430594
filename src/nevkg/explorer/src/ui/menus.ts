// Menus close as readers expect: by Esc, by a click elsewhere, and when another one opens.
import { useEffect } from "preact/hooks";

const OPEN = "details.menu[open]";

function close(menu: HTMLDetailsElement): void {
  menu.open = false;
}

export function useClosingMenus(): void {
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const open = () => [...document.querySelectorAll<HTMLDetailsElement>(OPEN)];
    addEventListener(
      "pointerdown",
      ({ target }) =>
        open()
          .filter((menu) => !menu.contains(target as Node))
          .forEach(close),
      { signal },
    );
    addEventListener(
      "keydown",
      ({ key }) => {
        if (key !== "Escape") return;
        for (const menu of open()) {
          close(menu);
          menu.querySelector("summary")?.focus();
        }
      },
      { signal },
    );
    return () => stop.abort();
  }, []);
}
