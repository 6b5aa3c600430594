// What was done to come to a graph, as it stands in the address. Short of the data, it is all that the graph depends on:
//
//   thing=NAME            begins with a thing and its nearest (as often as one likes)
//   from=PROJECTION       begins with a projection, its parameters beside it by their own names
//   step=add NAME         puts a thing there
//   step=grow NAME KIND N adds N more neighbours of a kind, * for all kinds
//   step=fold NAME        takes away what hangs on that node alone
//   step=hide NAME        takes a node away, for good
//   step=path A B DAY     adds the shortest paths from A to B as of a day, * for the day of the dataset
//
// NAME is a short name (plant:changan-rayong), KIND the last part of a class. Whoever opens the address sees the steps taken again,
// so that a graph of a thousand nodes is as short as the ten clicks that made it, and "back" undoes one of them.

export type Step =
  | { readonly do: "add" | "fold" | "hide"; readonly name: string }
  | { readonly do: "grow"; readonly name: string; readonly kind: string; readonly count: number }
  | { readonly do: "path"; readonly name: string; readonly to: string; readonly day: string };

export interface Story {
  readonly things: readonly string[];
  readonly from: string;
  readonly steps: readonly Step[];
}

export const ANY = "*";
export const NEAREST = 25;

export function parseStep(text: string): Step | null {
  const [what, name = "", first = "", second = ""] = text.split(" ");
  if (!name) return null;
  switch (what) {
    case "add":
    case "fold":
    case "hide":
      return { do: what, name };
    case "grow":
      return { do: what, name, kind: first || ANY, count: Math.min(Math.max(1, Number.parseInt(second, 10) || NEAREST), 10_000) };
    case "path":
      return first ? { do: what, name, to: first, day: second || ANY } : null;
    default:
      return null;
  }
}

export function formatStep(step: Step): string {
  if (step.do === "grow") return `grow ${step.name} ${step.kind} ${step.count}`;
  if (step.do === "path") return `path ${step.name} ${step.to} ${step.day}`;
  return `${step.do} ${step.name}`;
}

/** What an address tells; steps that nobody understands are passed over. */
export function storyOf(params: URLSearchParams): Story {
  return {
    things: params.getAll("thing").filter(Boolean),
    from: params.get("from") ?? "",
    steps: params
      .getAll("step")
      .map(parseStep)
      .filter((step) => step !== null),
  };
}

/** The names of the things whose neighbours are needed to take the steps. */
export function thingsOf({ things, steps }: Story): string[] {
  const grown = steps.filter((step) => step.do === "add" || step.do === "grow").map((step) => step.name);
  return [...new Set([...things, ...grown])];
}
