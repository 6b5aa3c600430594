// The controls beside a graph: its day, sources, zoom and files; and the comparison of the links of two days.

import { useState } from "preact/hooks";
import type { RequestError } from "../api/requests";
import type { Source } from "../api/types";
import { useOntology } from "../state/dataset";
import { useDay } from "../state/day";
import { fill, useWords } from "../state/language";
import { AS_OF, set } from "../state/route";
import { type Change, ChangeGroups, ComparisonDayField } from "../ui/changes";
import { Choice, SignButtons } from "../ui/controls";
import { dayOf, monthOf, withoutOutliers } from "../ui/dates";
import { DaySlider } from "../ui/day-slider";
import { save } from "../ui/download";
import { ErrorMessage } from "../ui/loading";
import type { Picture } from "./canvas";
import { type Edge, IS_STANDALONE } from "./data";
import { type GraphFigure, writeSvg } from "./figure";
import { fetchGraph, fileName, writeJson } from "./files";
import { type Graph, holds } from "./graph";
import { words } from "./words";

/** Present in the address if links of all days are shown. */
export const ALWAYS = "always";

interface DayProps {
  readonly days: readonly string[]; // on which links begin or end, in order
  readonly isAlways: boolean;
  readonly against: number | null;
  readonly asOf: string;
}

/** The slider for the day of the graph, with a button that shows all days. */
export function DayControl({ days, isAlways, against, asOf }: DayProps) {
  const w = useWords(words);
  const today = dayOf(asOf) ?? 0;
  const [day, setDay] = useDay(today);
  if (!days.length) return null;
  const changeDay = (next: number) => {
    if (isAlways) set({ [ALWAYS]: null }, true);
    setDay(next);
  };
  const months = [today, ...withoutOutliers(days.map((text) => dayOf(text) ?? today))].map(monthOf);
  return (
    <div class="day-control">
      <DaySlider day={day} today={today} onChange={changeDay} first={Math.min(...months)} last={Math.max(...months)}>
        {!isAlways && <ComparisonDayField against={against} />}
        <button type="button" aria-pressed={isAlways} onClick={() => set({ [ALWAYS]: isAlways ? null : "true", [AS_OF]: null })}>
          {w.allDates}
        </button>
      </DaySlider>
      {isAlways && <span class="quiet">{fill(w.alwaysNote, asOf)}</span>}
    </div>
  );
}

interface SourceProps {
  readonly counts: readonly { readonly iri: string; readonly count: number }[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly selected: string; // IRI, or empty for all
}

/** A menu that filters links by their source. */
export function SourceFilter({ counts, sources, selected }: SourceProps) {
  const w = useWords(words);
  if (!counts.length) return null;
  return (
    <Choice
      label={w.source}
      value={selected}
      options={[
        ["", w.allSources],
        ...counts.map(({ iri, count }): [string, string] => [iri, `${sourceName(sources.get(iri), iri)} (${count})`]),
      ]}
      choose={(iri) => set({ says: iri || null })}
    />
  );
}

const MAX_NAME = 90; // characters

/** Returns the publisher, title and day of a source, shortened. */
export function sourceName(source: Source | undefined, iri: string): string {
  const parts = source?.devised ? [source.title, source.devised] : [source?.publisher, source?.title, source?.published];
  const text = source ? [source.unreliable, ...parts].filter(Boolean).join(", ") : iri;
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
}

/** Buttons that zoom, for users without a wheel. */
export function ZoomButtons({ picture }: { readonly picture: { readonly current: Picture | null } }) {
  const w = useWords(words);
  return (
    <div class="zoom">
      <SignButtons
        buttons={[
          ["+", w.zoomIn, () => picture.current?.zoom(1.3)],
          ["−", w.zoomOut, () => picture.current?.zoom(1 / 1.3)],
          ["⤢", w.fit, () => picture.current?.fit()],
        ]}
      />
    </div>
  );
}

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

interface ChangedLinksProps {
  readonly graph: Graph;
  readonly edges: readonly Edge[];
  readonly changes: ReadonlyMap<string, Change>;
  readonly choose: (name: string) => void;
}

/** The links of both days, grouped by their change. */
export function ChangedLinks({ graph, edges, changes, choose }: ChangedLinksProps) {
  const w = useWords(words);
  const labelOf = (name: string) => graph.nodes.get(name)?.label ?? name;
  return (
    <section aria-label={w.changes}>
      <ChangeGroups items={edges} changeOf={(edge) => changes.get(edge.id)}>
        {(edge) => (
          <li key={edge.id}>
            <button type="button" class="plain" onClick={() => choose(edge.id)}>
              <bdi>{labelOf(edge.source)}</bdi> – {edge.relation.label} – <bdi>{labelOf(edge.target)}</bdi>
            </button>
          </li>
        )}
      </ChangeGroups>
    </section>
  );
}

/** The formats and their media types. */
const MEDIA = {
  png: "image/png",
  svg: "image/svg+xml",
  gexf: "application/xml",
  graphml: "application/xml",
  csv: "text/csv",
  json: "application/json",
};
type Format = keyof typeof MEDIA;
const FORMATS = Object.keys(MEDIA) as Format[];
/** The formats of the picture. */
const PICTURES: readonly Format[] = ["png", "svg"];
/** The formats that need no server. */
const LOCAL: readonly Format[] = [...PICTURES, "json"];

interface ExportMenuProps {
  readonly picture: { readonly current: Picture | null };
  readonly getGraph: () => Omit<GraphFigure, "positions">;
  /** The day of the graph; null for all days. */
  readonly day: string | null;
  /** Whether there is a picture. */
  readonly isDrawn: boolean;
}

/** A menu that saves the visible graph as a file. */
export function ExportMenu({ picture, getGraph, day, isDrawn }: ExportMenuProps) {
  const w = useWords(words);
  const [error, setError] = useState<RequestError | null>(null);
  const isLoading = useOntology().state === "waiting"; // it has the standings, which the text of a picture counts
  const write = async (format: Format): Promise<BlobPart | undefined> => {
    const graph = { ...getGraph(), positions: picture.current?.positions() ?? new Map() };
    if (format === "png") return (await import("../picture/render")).pngOf(writeSvg(graph));
    return format === "svg" ? writeSvg(graph) : format === "json" ? writeJson(graph) : fetchGraph(graph, format);
  };
  const download = (format: Format) => {
    setError(null);
    write(format).then((content) => content && save(fileName(getGraph().title, day, format), MEDIA[format], content), setError);
  };
  const formats = FORMATS.filter((format) => (isDrawn || !PICTURES.includes(format)) && (!IS_STANDALONE || LOCAL.includes(format)));
  return (
    <details class="menu">
      <summary>{w.export}</summary>
      <div>
        {formats.map((format) => (
          <button key={format} type="button" class="plain" disabled={isLoading} onClick={() => download(format)}>
            {w.formats[format]}
          </button>
        ))}
        {error && <ErrorMessage error={error} />}
      </div>
    </details>
  );
}
