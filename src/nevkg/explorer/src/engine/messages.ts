// Messages between a page and the worker of the engine.

/** The files of the engine and of the data, relative to the site, and facts about the data that the engine needs. */
export interface Contents {
  readonly python: string;
  readonly record: string;
  readonly snapshot: string;
  readonly releases: readonly CitableRelease[];
  readonly facts: { readonly digest: string; readonly day: string };
}

/** A release of another edition, and its file, from which citations are answered. */
export interface CitableRelease {
  readonly edition: string;
  readonly file: string;
}

export interface EngineRequest {
  readonly id: number;
  readonly address: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type EngineMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "broken"; readonly reason: string }
  | {
      readonly kind: "answer";
      readonly id: number;
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: Uint8Array<ArrayBuffer>;
    };
