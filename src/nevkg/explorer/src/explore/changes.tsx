// Links on two days: which are there on the later one only, and which on the earlier one only.
import { number, useLanguage, useWords } from "../state/language";
import { CHANGES, type Change, ChangeMark } from "../ui/changes";
import { words } from "../ui/words";
import type { Edge } from "./data";
import { holds } from "./filter";
import type { Graph } from "./graph";

/** How each link differs on the later day from the earlier one; links of neither day are left out. */
export function changesOf(edges: readonly Edge[], [before, after]: readonly [string, string]): ReadonlyMap<string, Change> {
  return new Map(
    edges.flatMap((edge): [string, Change][] => {
      const [was, is] = [holds(edge, before), holds(edge, after)];
      return was || is ? [[edge.id, was && is ? "same" : is ? "appeared" : "ended"]] : [];
    }),
  );
}

interface Props {
  readonly graph: Graph;
  readonly edges: readonly Edge[];
  readonly changes: ReadonlyMap<string, Change>;
  readonly choose: (name: string) => void;
}

/** The links of both days by what became of them, in words. */
export function ChangedLinks({ graph, edges, changes, choose }: Props) {
  const w = useWords(words);
  const tongue = useLanguage();
  const labelOf = (name: string) => graph.nodes.get(name)?.label ?? name;
  return (
    <section aria-label={w.changes}>
      {CHANGES.map((change) => {
        const changed = edges.filter((edge) => changes.get(edge.id) === change);
        if (!changed.length) return null;
        return (
          <details key={change}>
            <summary>
              <ChangeMark change={change} /> {w.change[change]} <span class="count">{number(changed.length, tongue)}</span>
            </summary>
            <ul>
              {changed.map((edge) => (
                <li key={edge.id}>
                  <button type="button" class="plain" onClick={() => choose(edge.id)}>
                    <bdi>{labelOf(edge.source)}</bdi> – {edge.relation.label} – <bdi>{labelOf(edge.target)}</bdi>
                  </button>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </section>
  );
}
