import { useWords } from "../state/language";
import { type Theme, useTheme } from "../state/theme";
import { words } from "./words";

/** The menu for the light, dark or system theme. */
export function ThemeChoice() {
  const w = useWords(words);
  const [theme, set] = useTheme();
  return (
    <label>
      <span class="unseen">{w.theme}</span>
      <select value={theme} onChange={(event) => set(event.currentTarget.value as Theme)}>
        {Object.entries(w.themes).map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
