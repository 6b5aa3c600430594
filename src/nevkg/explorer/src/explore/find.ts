import { get } from "../api/get";
import type { Hit } from "../api/types";
import { language } from "../state/language";
import type { Choice } from "../ui/combobox";

const MAX_HITS = 15;

/** Searches entities by name; the value of a choice is a short name. */
export async function searchEntities(text: string): Promise<readonly Choice[]> {
  if (!text.trim()) return [];
  const { hits } = await get<{ hits: Hit[] }>("api/search", { q: text, lang: language(), limit: MAX_HITS });
  return hits.map((hit) => ({ value: hit.name, label: hit.label, note: hit.kinds.join(", ") }));
}
