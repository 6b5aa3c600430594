import type { Episode, Scalar, State, View } from "../api/types";

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
