import { useEffect, useId, useRef, useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { words } from "./words";

export interface Suggestion {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
}

interface Props {
  readonly label: string;
  readonly hidden?: boolean; // hides the label from sighted readers
  readonly placeholder?: string;
  readonly find: (text: string) => Promise<readonly Suggestion[]>;
  readonly choose: (choice: Suggestion) => void;
  readonly value?: string;
}

const SEARCH_DELAY = 120; // milliseconds after a keystroke

/** A search field with suggestions, following the ARIA combobox pattern with a listbox. */
export function Combobox({ label, hidden, placeholder, find, choose, value = "" }: Props) {
  const w = useWords(words);
  const id = useId();
  const [text, setText] = useState(value);
  const [choices, setChoices] = useState<readonly Suggestion[] | null>(null);
  const [activeIndex, setActiveIndex] = useState(-1);
  const [hasFailed, setHasFailed] = useState(false);
  const searchNumber = useRef(0); // results of earlier searches are ignored
  const isStale = useRef(false); // the choices are for an earlier text
  const isEntered = useRef(false); // Enter was pressed before the results came; it selects the first
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => setText(value), [value]);

  const search = (query: string) => {
    searchNumber.current += 1;
    isEntered.current = false;
    const number = searchNumber.current;
    setTimeout(() => {
      if (number !== searchNumber.current) return;
      find(query).then(
        (results) => {
          if (number !== searchNumber.current) return;
          setHasFailed(false);
          if (isEntered.current && results[0]) {
            select(results[0]);
            return;
          }
          setChoices(results);
          setActiveIndex(results.length && query ? 0 : -1);
          isStale.current = false;
        },
        () => {
          if (number !== searchNumber.current) return;
          setHasFailed(true);
          setChoices([]);
        },
      );
    }, SEARCH_DELAY);
  };
  const close = () => {
    searchNumber.current += 1;
    setChoices(null);
    setActiveIndex(-1);
  };
  const select = (choice: Suggestion) => {
    close();
    setText(value);
    choose(choice);
  };
  const step = (offset: number) => {
    if (!choices) return search(text);
    if (choices.length) setActiveIndex((activeIndex + offset + choices.length) % choices.length);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const active = choices?.[activeIndex];
    if (event.isComposing) return; // an input method is composing
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(activeIndex < 0 ? 0 : -1);
    else if (event.key === "Enter" && active && !isStale.current) select(active);
    else if (event.key === "Enter" && isStale.current) isEntered.current = true;
    else if (event.key === "Escape" && choices) close();
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    list.current?.children[activeIndex]?.scrollIntoView({ block: "nearest" });
  }, [activeIndex]);

  const emptyText = hasFailed ? w.failed.lost : w.noOption;
  return (
    <div class="combobox">
      <label for={id} class={hidden ? "unseen" : ""}>
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        autocomplete="off"
        aria-autocomplete="list"
        aria-expanded={choices !== null}
        aria-controls={`${id}-list`}
        aria-activedescendant={activeIndex >= 0 ? `${id}-${activeIndex}` : undefined}
        placeholder={placeholder}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          isStale.current = true;
          search(event.currentTarget.value);
        }}
        onFocus={() => search("")}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {/* A press in the list must not blur the field, which would close the list. */}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        ref={list}
        hidden={!choices?.length}
        onMouseDown={(event) => event.preventDefault()}
      >
        {choices?.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
          <div key={choice.value} id={`${id}-${index}`} role="option" aria-selected={index === activeIndex} onClick={() => select(choice)}>
            <bdi>{choice.label}</bdi>
            {choice.note && <small>{choice.note}</small>}
          </div>
        ))}
      </div>
      <p class="unseen" role="status">
        {choices && (choices.length ? fill(w.options, choices.length) : emptyText)}
      </p>
      {choices?.length === 0 && (text || hasFailed) && <p class="none">{emptyText}</p>}
    </div>
  );
}
