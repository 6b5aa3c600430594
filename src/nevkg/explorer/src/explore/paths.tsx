import { useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { traceAddress } from "../trace/address";
import { Combobox } from "../ui/combobox";
import type { Edge, Part } from "./data";
import { Time } from "./facts";
import { findThings } from "./find";
import type { Graph } from "./graph";
import { ANY, type Step } from "./steps";
import { nameOf } from "./when";
import { words } from "./words";

type PathStep = Step & { do: "path" };

interface Props {
  readonly graph: Graph;
  readonly steps: readonly Step[];
  readonly pathOf: (step: Step) => Part | undefined;
  readonly looking: boolean;
  readonly find: (from: string, to: string) => void;
  readonly cancel: () => void;
}

interface End {
  readonly value: string;
  readonly label: string;
}

/** How two things are connected: asked for, waited for, and told step by step. */
export function PathsPanel({ graph, steps, pathOf, looking, find, cancel }: Props) {
  const w = useWords(words);
  const [from, setFrom] = useState<End | null>(null);
  const [to, setTo] = useState<End | null>(null);
  const params = steps.filter((step): step is PathStep => step.do === "path");
  return (
    <div class="paths">
      <h2>{w.paths}</h2>
      <Combobox label={w.pathFrom} value={from?.label ?? ""} find={findThings} choose={setFrom} placeholder={w.find} />
      <Combobox label={w.pathTo} value={to?.label ?? ""} find={findThings} choose={setTo} placeholder={w.find} />
      {from && to && from.value === to.value && <p class="quiet">{w.swap}</p>}
      <p>
        <button
          type="button"
          class="primary"
          disabled={!from || !to || from.value === to.value || looking}
          onClick={() => from && to && find(from.value, to.value)}
        >
          {w.look}
        </button>
      </p>
      {looking && (
        <p class="waiting" role="status">
          {w.looking}{" "}
          <button type="button" class="small" onClick={cancel}>
            {w.cancel}
          </button>
        </p>
      )}
      {params.toReversed().map((step) => {
        const part = pathOf(step);
        return part && <Found key={`${step.name} ${step.to} ${step.day}`} step={step} part={part} graph={graph} />;
      })}
    </div>
  );
}

function Found({ step, part, graph }: { step: PathStep; part: Part; graph: Graph }) {
  const w = useWords(words);
  const label = (name: string) => part.nodes.find((node) => node.name === name)?.label ?? name;
  const [from, to] = [label(step.name), label(step.to)];
  return (
    <section>
      <h3>
        <bdi>{fill(w.pathTitle, from, to)}</bdi> {step.day !== ANY && <small>{fill(w.asOf, step.day)}</small>}
      </h3>
      {!part.paths?.length && <p class="quiet">{fill(w.noPath, from, to)}</p>}
      {part.paths?.map((steps, place) => (
        <details key={place} open={place < 3}>
          <summary>{fill(w.path, place + 1)}</summary>
          <ol>
            {steps.map((edges) => (
              <li key={edges[0]?.id}>
                {edges.map((edge) => (
                  <Leg key={edge.id} edge={edge} label={label} graph={graph} />
                ))}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </section>
  );
}

/** One link of a step in words, with its sources. */
function Leg({ edge, label, graph }: { edge: Edge; label: (name: string) => string; graph: Graph }) {
  const w = useWords(words);
  return (
    <p>
      <bdi>{label(edge.source)}</bdi> <span class="quiet">{edge.relation.label}</span> <bdi>{label(edge.target)}</bdi>
      <small>
        {edge.spells.map((spell) => (
          <span key={`${spell.from} ${spell.until}`}>
            <Time spell={spell} />;{" "}
          </span>
        ))}
        {edge.sources.map((iri) => nameOf(graph.sources.get(iri), iri)).join("; ")}{" "}
        {edge.evidence.length > 0 && <a href={traceAddress(edge.evidence)}>{w.trace}</a>}
      </small>
    </p>
  );
}
