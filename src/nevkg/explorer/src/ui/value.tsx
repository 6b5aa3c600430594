import { type Cell, isThing, type Language, type Scalar } from "../api/types";
import { number } from "../state/language";
import { words } from "./words";

/** A value of one kind as a text. */
export function asText(value: Cell | undefined, tongue: Language): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((one) => asText(one, tongue)).join("; ");
  if (isThing(value)) return value.label;
  if (typeof value === "boolean") return value ? words[tongue].yes : words[tongue].no;
  if (typeof value === "number") return number(value, tongue);
  return String(value);
}

/** The values of a cell: none, one, or those of a list. */
export function each(cell: Cell | undefined): readonly Scalar[] {
  if (cell === null || cell === undefined) return [];
  return Array.isArray(cell) ? cell : [cell as Scalar];
}

/** Only the web is led to, whatever an address from the data says. */
export function isWeb(address: string): boolean {
  return /^https?:\/\//i.test(address);
}

export function Outside({ address, children }: { address: string; children: string }) {
  return isWeb(address) ? (
    <a class="outside" href={address} target="_blank" rel="noopener noreferrer">
      <bdi>{children}</bdi>
    </a>
  ) : (
    <bdi>{children}</bdi>
  );
}
