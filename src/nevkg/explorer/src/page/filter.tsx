import { useEffect, useState } from "preact/hooks";
import { fill } from "../state/language";
import { FilterField } from "../ui/controls";
import { matcherOf } from "../ui/text";

interface Props {
  /** The selector of what is filtered. */
  readonly items: string;
  readonly label: string;
  /** The text with the number of items that match. */
  readonly found: string;
}

/** A field for words that filter parts of the page. */
export function PageFilter({ items, label, found }: Props) {
  const [text, setText] = useState("");
  const [count, setCount] = useState(0);
  useEffect(() => {
    const matches = matcherOf(text);
    const elements = [...document.querySelectorAll<HTMLElement>(items)];
    for (const element of elements) element.hidden = !matches(`${element.textContent} ${element.dataset.words ?? ""}`);
    setCount(elements.filter((element) => !element.hidden).length);
  }, [text, items]);
  return (
    <>
      <FilterField label={label} value={text} change={setText} />
      <p class="quiet" role="status">
        {text.trim() && fill(found, count)}
      </p>
    </>
  );
}
