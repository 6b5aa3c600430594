import type { Language, Words } from "../api/types";
import { currentRoute, useRoute } from "./route";

const KNOWN: readonly Language[] = ["en", "zh"];

function of(params: string | null): Language {
  // Plain pages lead here with ?lang= before the #.
  const wanted = [params, new URLSearchParams(location.search).get("lang"), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return KNOWN.find((one) => one === wanted.find((tag) => KNOWN.includes(tag as Language))) ?? "en";
}

/** The language of the address, or else of the browser. */
export function useLanguage(): Language {
  return of(useRoute().params.get("lang"));
}

export function language(): Language {
  return of(currentRoute().params.get("lang"));
}

/** A view's words: for each language an object of the same form. */
export function useWords<T>(words: Readonly<Record<Language, T>>): T {
  return words[useLanguage()];
}

/** Words of the data, which may lack a language. */
export function localize(words: Partial<Words> | undefined, tongue: Language): string {
  return words?.[tongue] ?? words?.en ?? "";
}

/** Puts values into the places {0}, {1} of a text. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)] ?? ""));
}

export function number(value: number, tongue: Language): string {
  return value.toLocaleString(tongue === "zh" ? "zh-CN" : "en");
}
