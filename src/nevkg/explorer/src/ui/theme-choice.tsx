import { useWords } from "../state/language";
import { type Theme, useTheme } from "../state/theme";
import { words } from "./words";

/** Selects light or dark colours, or those of the system. */
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
