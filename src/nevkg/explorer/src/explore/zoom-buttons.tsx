import { useWords } from "../state/language";
import type { Picture } from "./canvas";
import { words } from "./words";

/** Closer, farther, and all of it, for those without a wheel. */
export function Zoom({ picture }: { readonly picture: { readonly current: Picture | null } }) {
  const w = useWords(words);
  const buttons: readonly (readonly [string, string, () => void])[] = [
    ["+", w.closer, () => picture.current?.zoom(1.3)],
    ["−", w.further, () => picture.current?.zoom(1 / 1.3)],
    ["⤢", w.fit, () => picture.current?.fit()],
  ];
  return (
    <div class="zoom">
      {buttons.map(([sign, name, act]) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={act}>
          {sign}
        </button>
      ))}
    </div>
  );
}
