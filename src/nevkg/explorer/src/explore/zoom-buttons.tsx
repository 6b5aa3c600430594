import { useWords } from "../state/language";
import type { Picture } from "./canvas";
import { words } from "./words";

/** Buttons that zoom, for users without a wheel. */
export function ZoomButtons({ picture }: { readonly picture: { readonly current: Picture | null } }) {
  const w = useWords(words);
  const buttons: readonly (readonly [string, string, () => void])[] = [
    ["+", w.zoomIn, () => picture.current?.zoom(1.3)],
    ["−", w.zoomOut, () => picture.current?.zoom(1 / 1.3)],
    ["⤢", w.fit, () => picture.current?.fit()],
  ];
  return (
    <div class="zoom">
      {buttons.map(([sign, name, onClick]) => (
        <button key={sign} type="button" aria-label={name} title={name} onClick={onClick}>
          {sign}
        </button>
      ))}
    </div>
  );
}
