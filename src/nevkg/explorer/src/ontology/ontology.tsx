import { useMemo } from "preact/hooks";
import type { Ontology } from "../api/types";
import { adaptColor, classColors } from "../state/colors";
import { useOntology, useOtherOntology } from "../state/dataset";
import { fill, number, useLanguage, useWords } from "../state/language";
import { href, set, useRoute } from "../state/route";
import { Empty, Loaded } from "../ui/loading";
import { Overview } from "./diagram";
import { buildModel, buildTree, type Entry, findEntry, type Model, search } from "./model";
import { TermPage } from "./term";
import { ColorSwatch, TermTree } from "./tree";
import { words } from "./words";
import "./ontology.css";
import { FilterField } from "../ui/controls";

const MAX_RESULTS = 40;

/** The page of the ontology: classes, properties and vocabularies. */
export function OntologyPage() {
  const other = useOtherOntology();
  return <Loaded of={useOntology()}>{(ontology) => <Page ontology={ontology} other={other} />}</Loaded>;
}

function Page({ ontology, other }: { ontology: Ontology; other: Ontology | undefined }) {
  const w = useWords(words);
  const { name, params } = useRoute();
  const model = useMemo(() => buildModel(ontology, other), [ontology, other]);
  const colors = useMemo(() => new Map([...classColors(ontology)].map(([iri, color]) => [iri, adaptColor(color)])), [ontology]);
  const text = params.get("q") ?? "";
  const entry = name ? findEntry(model, name) : undefined;
  return (
    <div class="ontology-page">
      <div class="index">
        <FilterField label={w.find} value={text} change={(value) => set({ q: value }, true)} />
        {text.trim() ? (
          <SearchResults model={model} text={text} colors={colors} selectedName={name} />
        ) : (
          <TermIndex model={model} colors={colors} entry={entry} />
        )}
      </div>
      <div class="detail">
        {entry ? (
          <TermPage model={model} entry={entry} colors={colors} key={entry.term.iri} />
        ) : name ? (
          <Empty>
            {fill(w.unknown, name)} <a href={href("ontology")}>{w.backToOverview}</a>
          </Empty>
        ) : (
          <>
            <h1>{w.title}</h1>
            <p class="quiet">{w.lead}</p>
            <Overview model={model} colors={colors} />
          </>
        )}
      </div>
    </div>
  );
}

interface SearchResultsProps {
  readonly model: Model;
  readonly text: string;
  readonly colors: ReadonlyMap<string, string>;
  readonly selectedName: string;
}

function SearchResults({ model, text, colors, selectedName }: SearchResultsProps) {
  const w = useWords(words);
  const lang = useLanguage();
  const results = search(model, text);
  return (
    <>
      <p class="quiet" role="status">
        {fill(w.found, number(results.length, lang))}
      </p>
      <ul class="hits">
        {results.slice(0, MAX_RESULTS).map(({ term, kind, other }) => (
          <li key={term.iri}>
            <a href={href("ontology", term.name, { q: text })} aria-current={term.name === selectedName ? "page" : undefined}>
              {kind === "class" && <ColorSwatch color={colors.get(term.iri)} />}
              <bdi>{term.label}</bdi>
            </a>
            <small class="quiet">{[w.kinds[kind], other?.label, term.name].filter(Boolean).join(" · ")}</small>
          </li>
        ))}
      </ul>
      {results.length > MAX_RESULTS && <p class="quiet">{w.more}</p>}
    </>
  );
}

function TermIndex({ model, colors, entry }: { model: Model; colors: ReadonlyMap<string, string>; entry: Entry | undefined }) {
  const w = useWords(words);
  const { classes, properties, schemes } = model.ontology;
  const selectedName = entry?.term.name ?? "";
  const isWide = useMemo(() => matchMedia("(min-width: 60rem)").matches, []);
  return (
    <nav aria-label={w.title}>
      <p>
        <a href={href("ontology")} aria-current={entry ? undefined : "page"}>
          {w.overview}
        </a>
      </p>
      <Group title={w.classes} count={classes.length} open={isWide && (!entry || entry.kind === "class")}>
        <TermTree nodes={buildTree(classes)} selectedName={selectedName} colors={colors} />
      </Group>
      <Group title={w.properties} count={properties.length} open={isWide && entry?.kind === "property"}>
        <TermTree nodes={buildTree(properties)} selectedName={selectedName} />
      </Group>
      <Group title={w.schemes} count={schemes.length} open={isWide && (entry?.kind === "scheme" || entry?.kind === "concept")}>
        <ul class="branches">
          {schemes.map(({ iri, name, label }) => (
            <li key={iri}>
              <a href={href("ontology", name)} aria-current={name === selectedName ? "page" : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </Group>
    </nav>
  );
}

function Group({ title, count, open, children }: { title: string; count: number; open: boolean; children: preact.ComponentChildren }) {
  return (
    <details open={open}>
      <summary>
        {title} <span class="count">{count}</span>
      </summary>
      {children}
    </details>
  );
}
