import { useMemo, useState } from "preact/hooks";
import { fold as folded } from "../answer/rows";
import { fill, number, useLanguage, useWords } from "../state/language";
import { Empty } from "../ui/loaded";
import { type Node, short } from "./data";
import { countKinds } from "./filter";
import { Mark } from "./legend";
import { words } from "./words";

interface Props {
  readonly nodes: readonly Node[];
  readonly links: ReadonlyMap<string, number>;
  readonly chosen: string;
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
  readonly choose: (name: string) => void;
}

/** The nodes in words, by class, the best linked first: all that the picture offers begins here as well. */
export function List({ nodes, links, chosen, shapes, paint, choose }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const [text, type] = useState("");
  const wanted = folded(text).split(/\s+/).filter(Boolean);
  const fits = ({ label, iri }: Node) => wanted.every((word) => folded(`${label} ${short(iri)}`).includes(word) || folded(iri) === word);
  const found = wanted.length ? nodes.filter(fits) : nodes;
  const groups = useMemo(() => countKinds(found), [found]);
  const count = (node: Node) => links.get(node.name) ?? 0;
  return (
    <div class="nodes">
      <label class="filter">
        <span>{w.filter}</span>
        <input type="search" value={text} onInput={(event) => type(event.currentTarget.value)} />
      </label>
      <p class="quiet" role="status">
        {fill(w.found, number(found.length, tongue), number(nodes.length, tongue))}
      </p>
      {!found.length && <Empty>{w.noNode}</Empty>}
      {groups.map(({ kind, color, count: many }) => (
        <details key={kind.iri} open={many <= 40 || wanted.length > 0}>
          <summary>
            <Mark color={paint(color)} shape={shapes.get(kind.iri) ?? 0} /> <bdi>{kind.label || "–"}</bdi> <span class="count">{many}</span>
          </summary>
          <ul>
            {found
              .filter((node) => node.kind.iri === kind.iri)
              .sort((a, b) => count(b) - count(a) || (a.label < b.label ? -1 : 1))
              .map((node) => (
                <li key={node.name}>
                  <button type="button" aria-pressed={node.name === chosen} onClick={() => choose(node.name)}>
                    <bdi>{node.label}</bdi> <small title={fill(w.count, count(node))}>{count(node)}</small>
                  </button>
                </li>
              ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
