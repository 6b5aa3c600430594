// Responses of the HTTP API, as far as the explorer uses them; `api/openapi.json` describes all of them.

export type Language = "en" | "zh";
export type Words = Readonly<Record<Language, string>>;

export interface Thing {
  readonly iri: string;
  readonly label: string;
}
export type Scalar = string | number | boolean | Thing;
export type Cell = Scalar | null | readonly Scalar[];
export type Row = Readonly<Record<string, Cell>>;
export type ColumnType = "thing" | "text" | "boolean" | "integer" | "number" | "date";

interface State {
  readonly version: string;
  readonly date: string;
  readonly identity: string;
}

export interface Page {
  readonly total: number;
  readonly offset: number;
  readonly limit: number;
  readonly truncated: boolean;
  readonly next: string | null;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly label: Words;
  readonly default: string;
  /** Other names that are accepted. */
  readonly also?: readonly string[];
}

export type View = "table" | "map" | "timeline" | "chart" | "graph";

/** The roles of columns, from the head of a question; see docs/adding-a-question.md. */
export interface Show {
  readonly place?: string;
  readonly size?: string;
  readonly color?: string;
  readonly status?: string;
  readonly first?: readonly string[];
  readonly things?: Words;
  readonly from?: string;
  readonly until?: string;
  readonly since?: string;
  readonly home?: string;
  readonly label?: string;
  readonly at?: string;
  readonly lane?: readonly string[];
  readonly x?: string;
  readonly y?: string | readonly string[];
  readonly series?: string;
  readonly kind?: "bar" | "line";
  readonly apart?: readonly string[];
  readonly solid?: string;
  readonly low?: string;
  readonly more?: readonly string[];
  readonly start?: string;
  readonly stacked?: boolean;
  readonly unit?: string;
  readonly subject?: string;
  readonly relation?: string;
  readonly object?: string;
  readonly page?: boolean;
  readonly band?: boolean;
  readonly shade?: boolean;
  readonly featured?: number;
  readonly brief?: readonly string[];
}

export interface QuestionHead {
  readonly name: string;
  readonly topic: string;
  readonly title: Words;
  readonly description: Words;
  readonly tags: readonly string[];
  readonly view: View;
  readonly parameters: readonly Parameter[];
  readonly columns: readonly { readonly name: string; readonly label: Words; readonly evidence: string | null; readonly list: boolean }[];
  readonly show?: Show;
  readonly example?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Topic {
  readonly topic: string;
  readonly title: Partial<Words>;
  readonly questions: readonly QuestionHead[];
}

export interface Catalogue {
  readonly dataset: State;
  readonly total: number;
  readonly topics: readonly Topic[];
}

export interface Column {
  readonly name: string;
  readonly label: string | null;
  readonly type: ColumnType | null;
  readonly list: boolean;
  readonly evidence: boolean;
}

export interface Source {
  readonly iri: string;
  readonly title: string;
  readonly publisher: string;
  readonly published: string;
  /** No web address if the host is unreliable. */
  readonly address: string;
  /** Words that mark a title made by the project; empty if the title is the source's own. */
  readonly devised?: string;
  readonly unreliable: string;
  readonly archive: string;
}

/** Rows with named columns: the answer to a question, or the result of a SELECT query. */
export interface Answer extends Page {
  readonly question: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly filters: readonly (readonly string[])[]; // descriptions; the filters in one list are alternatives
  readonly language: string;
  readonly view: View;
  readonly asOf: string;
  readonly dataset: State;
  readonly sparql: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly evidence?: readonly Readonly<Record<string, readonly string[]>>[];
  /** For each row, the numbers that its sums add, by column. */
  readonly addends?: readonly Readonly<Record<string, readonly Addend[]>>[];
  readonly sources?: readonly Source[];
  /** The permanent address of the whole answer; missing if the state of the data is unknown. */
  readonly citation?: string;
  /** A short citation in one line, with that address. */
  readonly footnote?: string;
  readonly support?: Support;
  readonly reason?: Reason;
}

/** A number that a sum adds, as text, and the facts that state it. */
export interface Addend {
  readonly value: string;
  readonly facts: readonly string[];
}

/** How well the rows of an answer are supported. */
export interface Support {
  readonly leftOut: readonly unknown[];
  readonly text: string;
}

/** Why there are no rows. */
interface Reason {
  readonly text: string;
}

export interface Option {
  readonly iri: string;
  readonly name: string;
  readonly label: string;
}

export interface Options extends Page {
  readonly parameter: Parameter;
  readonly options: readonly Option[];
}

export interface Hit extends Option {
  readonly kinds: readonly string[];
  readonly matched: string;
}

interface Passage {
  readonly iri: string;
  readonly length: number;
  readonly digest: string;
}

export interface Statement {
  readonly iri: string;
  readonly role: "behind" | "beside";
  readonly kind: string;
  readonly subject: string;
  readonly property: string;
  readonly value: string;
  readonly when: string;
  readonly qualifiers: readonly string[];
  readonly source: string;
  readonly retracted: boolean;
  readonly text: string;
  readonly facts: readonly { readonly property: Thing; readonly values: readonly Scalar[] }[];
  readonly passages: readonly Passage[];
  readonly report: string; // the form for a wrong fact, or empty
  /** The best standing of the facts derived from the statement, and the number of their independent sources. */
  readonly standing: Thing | null;
  readonly witnesses: number;
}

export interface Episode {
  readonly iri: string;
  readonly subject: Thing;
  readonly property: string;
  readonly value: string;
  readonly since: string;
  readonly until: string;
  readonly last_confirmed: string;
  readonly standing: string;
  readonly witnesses: number;
  readonly marks: readonly string[];
  readonly is_disputed: boolean;
}

export interface Evidence extends Page {
  readonly asked: readonly string[];
  readonly statements: readonly Statement[];
  readonly episodes: readonly Episode[];
  readonly sources: readonly Source[];
}

/** The evidence behind a row of a query; the panel shows one of its cells. */
export interface Explanation {
  readonly cells: readonly {
    readonly label: string;
    readonly value: Cell;
    readonly facts: readonly string[];
    readonly more: number;
    readonly evidence: readonly string[];
    readonly note: string;
    readonly addends: readonly Addend[];
  }[];
  readonly facts: Readonly<Record<string, Derived | undefined>>;
  readonly gaps: readonly string[];
}

export interface Derived {
  readonly about: string;
  readonly property: string;
  readonly value: string;
  readonly rule: string;
  readonly because: readonly string[];
}

export interface Place extends Thing {
  readonly latitude: number;
  readonly longitude: number;
  readonly at: Thing;
  readonly precision: Thing | null;
}

export interface Dataset extends State {
  readonly title: string;
  readonly description: string | null;
  readonly digest: string | null;
  readonly licence: string | null;
  readonly sources: number;
  readonly statements: number;
  readonly episodes: number;
  readonly triples: number;
  readonly questions: number;
  /** The colours of the entities that have one, by IRI. */
  readonly colors: Readonly<Record<string, string>>;
}

export interface Term extends Thing {
  readonly name: string;
  readonly definition: string | null;
  readonly color: string | null;
  readonly uses: number;
  readonly [relation: string]: unknown;
}

export interface Ontology {
  readonly dataset: State;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly classes: readonly Term[];
  readonly properties: readonly Term[];
  readonly schemes: readonly Term[];
  readonly concepts: readonly Term[];
}

export interface QualityTable {
  readonly name: string;
  readonly section: string;
  readonly title: string;
  readonly note: string | null;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Quality {
  readonly dataset: State;
  readonly tables: readonly QualityTable[];
}

export type Severity = "violation" | "warning" | "info";

export interface Check {
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly fix: string;
  readonly found: number;
}

export interface Checks {
  readonly dataset: State;
  readonly checks: readonly Check[];
}

export interface Findings extends Check, Page {
  readonly findings: readonly { readonly about: Thing; readonly says: string }[];
}

export function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && "iri" in value && "label" in value;
}

/** A question with values of its parameters. */
export interface Target {
  readonly question: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
}

/** The part of an answer that a text shows. */
export interface Figure extends Target {
  readonly show: "count" | "sum" | "value" | "list" | "table" | "chart" | "map";
  readonly columns: readonly string[];
  readonly labels?: readonly string[];
  readonly title?: string;
  readonly asOf?: string;
  readonly sources?: number;
  readonly value?: Cell;
  /** How many values of a list are left out. */
  readonly more?: number;
  readonly rows?: readonly Row[];
  /** Why there is nothing to show. */
  readonly problem?: string;
}

export interface Home {
  readonly lead: string;
  readonly numbers: readonly { readonly label: string; readonly figure: Figure }[];
  readonly note: string;
  readonly map: Figure;
  readonly starts: readonly ({ readonly label: string } & ({ readonly entity: string } | Target))[];
  readonly stories: readonly { readonly name: string; readonly title: string }[];
  readonly topics: readonly {
    readonly topic: string;
    readonly title: string;
    readonly total: number;
    readonly questions: readonly {
      readonly name: string;
      readonly title: string;
      readonly example: Readonly<Record<string, readonly string[]>>;
    }[];
  }[];
}

/** An inline part of a story. */
export interface Part {
  readonly text?: string;
  readonly style?: "strong" | "emphasis";
  readonly href?: string;
  readonly figure?: Figure;
}

export interface Story {
  readonly dataset: State;
  readonly name: string;
  readonly title: string;
  readonly language: Language;
  readonly blocks: readonly {
    readonly kind: "heading" | "paragraph" | "list" | "figure";
    readonly level?: number;
    readonly parts?: readonly Part[];
    readonly items?: readonly (readonly Part[])[];
    readonly figure?: Figure;
  }[];
}

/** A search result. */
export interface Found {
  readonly kind: "entity" | "question" | "topic" | "story";
  readonly name: string;
  readonly label: string;
  readonly iri?: string;
  readonly kinds?: readonly string[];
  readonly matched?: string;
  readonly example?: Readonly<Record<string, readonly string[]>>;
}

export interface Discovery {
  readonly found: readonly Found[];
}

/** A question with the values of its parameters. */
export interface Link {
  readonly question: string;
  readonly title: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly hasDay: boolean;
  readonly view: View;
  readonly sort: string;
  readonly columns: readonly string[];
}

export interface CardValue {
  readonly value: Scalar;
  readonly fact: Omit<Episode, "iri" | "subject"> | null;
  readonly evidence: readonly string[];
}

export interface Count extends Link {
  readonly total: number;
  readonly parts: readonly { readonly label: string; readonly values: readonly { readonly value: Scalar; readonly count: number }[] }[];
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly values: readonly CardValue[];
  readonly count?: Count;
}

export interface Card {
  readonly iri: string;
  readonly name: string;
  readonly label: string;
  readonly kinds: readonly string[];
  readonly called: readonly string[];
  readonly card: string;
  readonly asOf: string;
  readonly dataset: State;
  readonly fields: readonly Field[];
  readonly missing: readonly string[];
  readonly sections: readonly Link[];
}
