import { fill, useWords } from "../state/language";
import { set } from "../state/route";
import { Shape } from "../ui/shapes";
import { short } from "./data";
import type { KindCount } from "./filter";
import { words } from "./words";

/** The mark of a class: its colour and its shape. */
export function ClassMark({ color, shape }: { color: string; shape: number }) {
  return (
    <svg class="class-mark" viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true">
      <Shape shape={shape} color={color} size={1} />
    </svg>
  );
}

interface Props {
  readonly counts: readonly KindCount[];
  readonly hidden: ReadonlySet<string>; // last parts of the IRIs of classes, as in the address
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
}

/** Classes with their counts; a click hides or shows a class. */
export function Legend({ counts, hidden, shapes, paint }: Props) {
  const w = useWords(words);
  const toggle = (name: string) => set({ without: hidden.has(name) ? [...hidden].filter((other) => other !== name) : [...hidden, name] });
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
            <ClassMark color={paint(color)} shape={shapes.get(kind.iri) ?? 0} />
            <bdi>{kind.label || "–"}</bdi> <span class="count">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
