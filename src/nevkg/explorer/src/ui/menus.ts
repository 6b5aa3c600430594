import { useEffect } from "preact/hooks";

const OPEN = "details.menu[open]";

function close(menu: HTMLDetailsElement): void {
  menu.open = false;
}

/** Closes open menus on Esc, on a click elsewhere, and when another menu opens. */
export function useClosingMenus(): void {
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
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
    return () => controller.abort();
  }, []);
}
