import { useMemo, useState } from "preact/hooks";
import { fill, number, useLanguage, useWords } from "../state/language";
import { set } from "../state/route";
import { FilterField } from "../ui/controls";
import { Shape } from "../ui/legend";
import { Empty } from "../ui/loading";
import { matcherOf } from "../ui/text";
import { type Node, short } from "./data";
import { countKinds, type KindCount } from "./graph";
import { words } from "./words";

/** The mark of a class: its colour and its shape. */
export function ClassMark({ color, shape }: { color: string; shape: number }) {
  return (
    <svg class="class-mark" viewBox="-1.15 -1.15 2.3 2.3" aria-hidden="true">
      <Shape shape={shape} color={color} size={1} />
    </svg>
  );
}

interface ClassMarkProps {
  readonly counts: readonly KindCount[];
  readonly hidden: ReadonlySet<string>; // last parts of the IRIs of classes, as in the address
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
}

/** Classes with their counts; a click hides or shows a class. */
export function Legend({ counts, hidden, shapes, paint }: ClassMarkProps) {
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

const MAX_OPEN = 40; // nodes of a class; longer lists are collapsed at first

interface NodeListProps {
  readonly nodes: readonly Node[];
  readonly links: ReadonlyMap<string, number>;
  readonly selected: string;
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
  readonly choose: (name: string) => void;
}

/** A searchable list of the nodes by class, those with most links first. It is the accessible alternative to the picture. */
export function NodeList({ nodes, links, selected, shapes, paint, choose }: NodeListProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const [text, setText] = useState("");
  const isMatch = matcherOf(text);
  const found = nodes.filter(({ label, iri }) => isMatch(`${label} ${short(iri)}`) || iri === text.trim());
  const groups = useMemo(() => countKinds(found), [found]);
  const linksOf = (node: Node) => links.get(node.name) ?? 0;
  return (
    <div class="nodes">
      <FilterField label={w.filter} value={text} change={setText} />
      <p class="quiet" role="status">
        {fill(w.found, number(found.length, lang), number(nodes.length, lang))}
      </p>
      {!found.length && <Empty>{w.noNode}</Empty>}
      {groups.map(({ kind, color, count }) => (
        <details key={kind.iri} open={count <= MAX_OPEN || text.trim() !== ""}>
          <summary>
            <ClassMark color={paint(color)} shape={shapes.get(kind.iri) ?? 0} /> <bdi>{kind.label || "–"}</bdi>{" "}
            <span class="count">{count}</span>
          </summary>
          <ul>
            {found
              .filter((node) => node.kind.iri === kind.iri)
              .sort((a, b) => linksOf(b) - linksOf(a) || (a.label < b.label ? -1 : 1))
              .map((node) => (
                <li key={node.name}>
                  <button type="button" aria-pressed={node.name === selected} onClick={() => choose(node.name)}>
                    <bdi>{node.label}</bdi> <small title={fill(w.count, linksOf(node))}>{linksOf(node)}</small>
                  </button>
                </li>
              ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
