import { useState } from "preact/hooks";
import { traceAddress } from "../state/address";
import { fill, useWords } from "../state/language";
import { Combobox } from "../ui/combobox";
import { sourceName } from "./controls";
import type { Edge, Part } from "./data";
import type { Graph } from "./graph";
import { searchEntities } from "./load";
import { Period } from "./panel";
import { ANY, type Step } from "./steps";
import { words } from "./words";

const MAX_OPEN = 3; // further paths are collapsed at first

type PathStep = Step & { do: "path" };

interface Props {
  readonly graph: Graph;
  readonly steps: readonly Step[];
  readonly pathOf: (step: Step) => Part | undefined;
  readonly isFinding: boolean;
  readonly find: (from: string, to: string) => void;
  readonly cancel: () => void;
}

interface End {
  readonly value: string;
  readonly label: string;
}

/** The panel for paths between two entities: a form and its results, the last search first. */
export function PathsPanel({ graph, steps, pathOf, isFinding, find, cancel }: Props) {
  const w = useWords(words);
  const [from, setFrom] = useState<End | null>(null);
  const [to, setTo] = useState<End | null>(null);
  const searches = steps.filter((step): step is PathStep => step.do === "path");
  return (
    <div class="paths">
      <h2>{w.paths}</h2>
      <Combobox label={w.pathFrom} value={from?.label ?? ""} find={searchEntities} choose={setFrom} placeholder={w.find} />
      <Combobox label={w.pathTo} value={to?.label ?? ""} find={searchEntities} choose={setTo} placeholder={w.find} />
      {from && to && from.value === to.value && <p class="quiet">{w.sameEnds}</p>}
      <p>
        <button
          type="button"
          class="primary"
          disabled={!from || !to || from.value === to.value || isFinding}
          onClick={() => from && to && find(from.value, to.value)}
        >
          {w.findPaths}
        </button>
      </p>
      {isFinding && (
        <p class="waiting" role="status">
          {w.findingPaths}{" "}
          <button type="button" class="small" onClick={cancel}>
            {w.cancel}
          </button>
        </p>
      )}
      {searches.toReversed().map((step) => {
        const part = pathOf(step);
        return part && <PathList key={`${step.name} ${step.to} ${step.day}`} step={step} part={part} graph={graph} />;
      })}
    </div>
  );
}

/** The paths of one search. */
function PathList({ step, part, graph }: { step: PathStep; part: Part; graph: Graph }) {
  const w = useWords(words);
  const labelOf = (name: string) => part.nodes.find((node) => node.name === name)?.label ?? name;
  const [from, to] = [labelOf(step.name), labelOf(step.to)];
  return (
    <section>
      <h3>
        <bdi>{fill(w.pathTitle, from, to)}</bdi> {step.day !== ANY && <small>{fill(w.asOfDay, step.day)}</small>}
      </h3>
      {!part.paths?.length && <p class="quiet">{fill(w.noPath, from, to)}</p>}
      {part.paths?.map((steps, index) => (
        <details key={index} open={index < MAX_OPEN}>
          <summary>{fill(w.path, index + 1)}</summary>
          <ol>
            {steps.map((edges) => (
              <li key={edges[0]?.id}>
                {edges.map((edge) => (
                  <PathEdge key={edge.id} edge={edge} labelOf={labelOf} graph={graph} />
                ))}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}

/** An edge of a path, with its periods and sources. */
function PathEdge({ edge, labelOf, graph }: { edge: Edge; labelOf: (name: string) => string; graph: Graph }) {
  const w = useWords(words);
  return (
    <p>
      <bdi>{labelOf(edge.source)}</bdi> <span class="quiet">{edge.relation.label}</span> <bdi>{labelOf(edge.target)}</bdi>
      <small>
        {edge.spells.map((spell) => (
          <span key={`${spell.from} ${spell.until}`}>
            <Period spell={spell} />;{" "}
          </span>
        ))}
        {edge.sources.map((iri) => sourceName(graph.sources.get(iri), iri)).join("; ")}{" "}
        {edge.evidence.length > 0 && <a href={traceAddress(edge.evidence)}>{w.evidence}</a>}
      </small>
    </p>
  );
}
