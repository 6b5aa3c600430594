// The search for entities, questions, topics and stories.
import { get } from "../api/requests";
import type { Discovery, Found, Language } from "../api/types";
import { entityAddress } from "../state/address";
import { useLanguage, useWords } from "../state/language";
import { go, href, TOPIC } from "../state/route";
import { Combobox, type Suggestion } from "../ui/combobox";
import { words } from "./words";

/** Returns the matches of a text, best first; the value of a choice is the address of its page. */
async function discover(text: string, lang: Language): Promise<readonly Suggestion[]> {
  if (!text.trim()) return [];
  const { found } = await get<Discovery>("api/discover", { q: text, lang });
  return found.map((match) => ({ value: addressOf(match), label: match.label, note: noteOf(match, lang) }));
}

function addressOf(match: Found): string {
  switch (match.kind) {
    case "entity":
      return entityAddress(match.iri ?? "");
    case "question":
      return href("ask", match.name, Object.keys(match.parameters ?? {}).length ? match.parameters : match.example);
    case "topic":
      return href("ask", "", { [TOPIC]: match.name });
    case "story":
      return href("story", match.name);
  }
}

function noteOf(match: Found, lang: Language): string {
  if (match.kind === "question" && match.filters?.length)
    return [match.filters.join(words[lang].comma), match.answer].filter(Boolean).join(words[lang].colon);
  if (match.kind !== "entity") return words[lang].kinds[match.kind];
  return [match.kinds?.join(words[lang].comma), match.matched === match.label ? "" : match.matched].filter(Boolean).join(" · ");
}

/** The search box for entities, questions, topics and stories. */
export function Search({ placeholder }: { placeholder?: string }) {
  const w = useWords(words);
  const lang = useLanguage();
  return (
    <search>
      <Combobox
        label={w.find}
        hidden
        placeholder={placeholder ?? w.find}
        find={(text) => discover(text, lang)}
        choose={(choice) => go(choice.value)}
      />
    </search>
  );
}
