import { get } from "../api/get";
import type { Hit } from "../api/types";
import { language } from "../state/language";
import type { Choice } from "../ui/combobox";

const FOUND = 15;

/** Things by what somebody types; the value is a short name. */
export async function findThings(text: string): Promise<readonly Choice[]> {
  if (!text.trim()) return [];
  const { hits } = await get<{ hits: Hit[] }>("api/search", { q: text, lang: language(), limit: FOUND });
  return hits.map((hit) => ({ value: hit.name, label: hit.label, note: hit.kinds.join(", ") }));
}
