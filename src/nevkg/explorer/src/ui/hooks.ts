// Hooks for elements and the document.

import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

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

/** Prefixes the title of the document with a text while the view is shown. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} · ${viewTitle}`;
    return () => {
      document.title = viewTitle;
    };
  }, [text]);
}

/** Sets the title of the document while the view is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = viewTitle;
    };
  }, [title]);
}

let viewTitle = "";

/** Sets the title of the view, before which `useTitle` puts what it shows. */
export function setViewTitle(title: string): void {
  viewTitle = title;
  document.title = title;
}

/** Returns the current width of an element, or 0 before it is known. */
export function useWidth(element: RefObject<Element | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(Math.floor(element.current.clientWidth));
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

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
