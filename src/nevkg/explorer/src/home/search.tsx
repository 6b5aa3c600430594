import { useLanguage, useWords } from "../state/language";
import { go } from "../state/route";
import { Combobox } from "../ui/combobox";
import { discover } from "./discover";
import { words } from "./words";

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
