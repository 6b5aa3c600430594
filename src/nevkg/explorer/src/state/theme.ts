import { useEffect, useState } from "preact/hooks";

export type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const KEY = "nevkg-theme";

function kept(): Theme {
  try {
    return THEMES.find((one) => one === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto"; // a browser may forbid storage
  }
}

/** Light or dark, or as the system has it; a matter of the reader, so not in the address. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, set] = useState(kept);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // it holds for this page
    }
    dispatchEvent(new Event("themechange")); // canvases draw themselves anew
  }, [theme]);
  return [theme, set];
}
