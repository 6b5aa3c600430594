// The parameters of the address that define a graph, together with the dataset:
//
//   thing=NAME             starts from an entity and its first neighbours; can be repeated
//   from=PROJECTION        starts from a projection, whose own parameters are also in the address
//   step=add NAME          adds an entity
//   step=grow NAME CLASS N adds N neighbours of a class, or of all classes if it is *
//   step=fold NAME         removes the nodes that are only linked to this node
//   step=hide NAME         removes a node, which later steps do not add again, except by name
//   step=path A B DAY      adds the shortest paths from A to B on a day, or on the day of the dataset if it is *
//
// NAME is a short name (plant:changan-rayong); CLASS is the last part of the IRI of a class. An address has steps instead of nodes so
// that it stays short, and so that the back button of the browser undoes a step.

export type Step =
  | { readonly do: "add" | "fold" | "hide"; readonly name: string }
  | { readonly do: "grow"; readonly name: string; readonly kind: string; readonly count: number }
  | { readonly do: "path"; readonly name: string; readonly to: string; readonly day: string };

/** The starting points of a graph, and the steps that follow. */
export interface Exploration {
  readonly entities: readonly string[];
  readonly projection: string;
  readonly steps: readonly Step[];
}

/** All classes, or the day of the dataset. */
export const ANY = "*";
/** The number of neighbours that a node is expanded by. */
export const NEIGHBOUR_COUNT = 25;
const MAX_COUNT = 10_000;

export function parseStep(text: string): Step | null {
  const [action, name = "", first = "", second = ""] = text.split(" ");
  if (!name) return null;
  switch (action) {
    case "add":
    case "fold":
    case "hide":
      return { do: action, name };
    case "grow":
      return {
        do: action,
        name,
        kind: first || ANY,
        count: Math.min(Math.max(1, Number.parseInt(second, 10) || NEIGHBOUR_COUNT), MAX_COUNT),
      };
    case "path":
      return first ? { do: action, name, to: first, day: second || ANY } : null;
    default:
      return null;
  }
}

export function formatStep(step: Step): string {
  if (step.do === "grow") return `grow ${step.name} ${step.kind} ${step.count}`;
  if (step.do === "path") return `path ${step.name} ${step.to} ${step.day}`;
  return `${step.do} ${step.name}`;
}

/** Parses the parameters of an address; invalid steps are ignored. */
export function parseExploration(params: URLSearchParams): Exploration {
  return {
    entities: params.getAll("thing").filter(Boolean),
    projection: params.get("from") ?? "",
    steps: params
      .getAll("step")
      .map(parseStep)
      .filter((step) => step !== null),
  };
}

/** Returns the names of the entities whose neighbours have to be loaded. */
export function findExpandedEntities({ entities, steps }: Exploration): string[] {
  const added = steps.filter((step) => step.do === "add" || step.do === "grow").map((step) => step.name);
  return [...new Set([...entities, ...added])];
}
