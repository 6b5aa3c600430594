// The search for anything: entities, questions, topics and stories.
import { get } from "../api/get";
import type { Discovery, Found, Language } from "../api/types";
import { href } from "../state/route";
import { entityAddress } from "../thing/address";
import type { Choice } from "../ui/combobox";
import { words } from "./words";

/** What some text may mean, best first; the value of a choice is the address that it leads to. */
export async function discover(text: string, tongue: Language): Promise<readonly Choice[]> {
  if (!text.trim()) return [];
  const { found } = await get<Discovery>("api/discover", { q: text, lang: tongue });
  return found.map((one) => ({ value: addressOf(one), label: one.label, note: noteOf(one, tongue) }));
}

export function addressOf(one: Found): string {
  switch (one.kind) {
    case "entity":
      return entityAddress(one.iri ?? "");
    case "question":
      return href("ask", one.name, one.example ?? {});
    case "topic":
      return href("ask", "", { topic: one.name });
    case "story":
      return href("story", one.name);
  }
}

function noteOf(one: Found, tongue: Language): string {
  if (one.kind !== "entity") return words[tongue].kinds[one.kind];
  return [one.kinds?.join(words[tongue].comma), one.matched === one.label ? "" : one.matched].filter(Boolean).join(" · ");
}
