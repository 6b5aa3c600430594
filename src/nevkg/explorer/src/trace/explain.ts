// What is behind a cell of a query, which is not known before somebody asks.
import { address, request } from "../api/get";
import type { Explanation, Language } from "../api/types";

export function explain(query: string, row: string, column: string, lang: Language): Promise<Explanation> {
  const headers = { Accept: "application/json", "Content-Type": "application/sparql-query" };
  return request(address("api/explain", { row, column, lang }), { method: "POST", body: query, headers });
}
