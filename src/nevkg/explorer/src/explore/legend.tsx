import { fill, useWords } from "../state/language";
import { set } from "../state/route";
import { Shape } from "../ui/shapes";
import { short } from "./data";
import type { Count } from "./filter";
import { words } from "./words";

/** The mark of a class: its colour and its shape. */
export function Mark({ color, shape }: { color: string; shape: number }) {
  return (
    <svg class="mark-of" viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true">
      <Shape shape={shape} color={color} size={1} />
    </svg>
  );
}

interface Props {
  readonly counts: readonly Count[];
  readonly hidden: ReadonlySet<string>; // last parts of IRIs, as the address has them
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
}

/** Classes with their counts; a click hides or shows one. */
export function Legend({ counts, hidden, shapes, paint }: Props) {
  const w = useWords(words);
  const toggle = (name: string) => set({ without: hidden.has(name) ? [...hidden].filter((one) => one !== name) : [...hidden, name] });
  return (
    <ul class="legend" aria-label={w.legend}>
      {counts.map(({ kind, color, count }) => (
        <li key={kind.iri}>
          <button
            type="button"
            aria-pressed={!hidden.has(short(kind.iri))}
            title={fill(w.hideKind, kind.label, count)}
            onClick={() => toggle(short(kind.iri))}
          >
            <Mark color={paint(color)} shape={shapes.get(kind.iri) ?? 0} />
            <bdi>{kind.label || "–"}</bdi> <span class="count">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
