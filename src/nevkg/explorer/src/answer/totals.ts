// Totals of columns above the table, for links from figures: ?count=column, ?sum=column.
import type { Row } from "../api/types";
import { keysOf } from "../ui/keys";

export interface Total {
  readonly kind: "different" | "sum";
  readonly column: string;
  readonly value: number;
}

export function totalsOf(rows: readonly Row[], params: URLSearchParams): Total[] {
  return [
    ...params
      .getAll("count")
      .map((column): Total => ({ kind: "different", column, value: new Set(rows.flatMap((row) => keysOf(row[column]))).size })),
    ...params
      .getAll("sum")
      .map((column): Total => ({ kind: "sum", column, value: rows.reduce((sum, row) => sum + (Number(row[column]) || 0), 0) })),
  ];
}
