// The comparison of the links of two days.
import { number, useLanguage, useWords } from "../state/language";
import { CHANGES, type Change, ChangeMark } from "../ui/changes";
import { words } from "../ui/words";
import type { Edge } from "./data";
import { holds } from "./filter";
import type { Graph } from "./graph";

/** Returns the change of each link from the earlier day to the later one. Links of neither day are left out. */
export function changesOf(edges: readonly Edge[], [before, after]: readonly [string, string]): ReadonlyMap<string, Change> {
  return new Map(
    edges.flatMap((edge): [string, Change][] => {
      const [heldBefore, holdsAfter] = [holds(edge, before), holds(edge, after)];
      if (!heldBefore && !holdsAfter) return [];
      return [[edge.id, heldBefore && holdsAfter ? "same" : holdsAfter ? "appeared" : "ended"]];
    }),
  );
}

interface Props {
  readonly graph: Graph;
  readonly edges: readonly Edge[];
  readonly changes: ReadonlyMap<string, Change>;
  readonly choose: (name: string) => void;
}

/** The links of both days, grouped by their change. */
export function ChangedLinks({ graph, edges, changes, choose }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const labelOf = (name: string) => graph.nodes.get(name)?.label ?? name;
  return (
    <section aria-label={w.changes}>
      {CHANGES.map((change) => {
        const changed = edges.filter((edge) => changes.get(edge.id) === change);
        if (!changed.length) return null;
        return (
          <details key={change}>
            <summary>
              <ChangeMark change={change} /> {w.change[change]} <span class="count">{number(changed.length, lang)}</span>
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
