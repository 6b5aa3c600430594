import { useEffect, useState } from "preact/hooks";
import { useWords } from "../state/language";
import { Choice } from "./controls";
import { words } from "./words";

type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const KEY = "nevkg-theme";

function readTheme(): Theme {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto"; // the browser may forbid storage
  }
}

/** Returns the theme and a function that sets it. It is a preference of the reader, so it is not part of the address. */
function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(readTheme);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // without storage the theme applies to this page only
    }
    dispatchEvent(new Event("themechange")); // canvases redraw
  }, [theme]);
  return [theme, set];
}

/** Calls a listener whenever the colours of the page change; returns a function that removes the listener. */
export function onThemeChange(listener: () => void): () => void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", listener);
  addEventListener("themechange", listener);
  return () => {
    scheme.removeEventListener("change", listener);
    removeEventListener("themechange", listener);
  };
}

/** Returns the current value of a colour of the style sheets, such as `--ink`, for what cannot use CSS variables. */
export function computeColor(name: string): string {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The menu for the light, dark or system theme. */
export function ThemeChoice() {
  const w = useWords(words);
  const [theme, set] = useTheme();
  return <Choice label={w.theme} value={theme} options={Object.entries(w.themes)} choose={(name) => set(name as Theme)} hidden />;
}
