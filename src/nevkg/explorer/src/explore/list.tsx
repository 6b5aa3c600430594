import { useMemo, useState } from "preact/hooks";
import { fold as foldText } from "../answer/rows";
import { fill, number, useLanguage, useWords } from "../state/language";
import { Empty } from "../ui/loaded";
import { type Node, short } from "./data";
import { countKinds } from "./filter";
import { ClassMark } from "./legend";
import { words } from "./words";

const MAX_OPEN = 40; // nodes of a class; longer lists are collapsed at first

interface Props {
  readonly nodes: readonly Node[];
  readonly links: ReadonlyMap<string, number>;
  readonly selected: string;
  readonly shapes: ReadonlyMap<string, number>;
  readonly paint: (color: string) => string;
  readonly choose: (name: string) => void;
}

/** A searchable list of the nodes by class, those with most links first. It is the accessible alternative to the picture. */
export function NodeList({ nodes, links, selected, shapes, paint, choose }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const [text, setText] = useState("");
  const searchWords = foldText(text).split(/\s+/).filter(Boolean);
  const matches = ({ label, iri }: Node) =>
    searchWords.every((word) => foldText(`${label} ${short(iri)}`).includes(word) || foldText(iri) === word);
  const found = searchWords.length ? nodes.filter(matches) : nodes;
  const groups = useMemo(() => countKinds(found), [found]);
  const linksOf = (node: Node) => links.get(node.name) ?? 0;
  return (
    <div class="nodes">
      <label class="filter">
        <span>{w.filter}</span>
        <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <p class="quiet" role="status">
        {fill(w.found, number(found.length, lang), number(nodes.length, lang))}
      </p>
      {!found.length && <Empty>{w.noNode}</Empty>}
      {groups.map(({ kind, color, count }) => (
        <details key={kind.iri} open={count <= MAX_OPEN || searchWords.length > 0}>
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
