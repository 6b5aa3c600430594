import { useEffect, useId, useRef, useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { words } from "./words";

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly note?: string;
}

interface Props {
  readonly label: string;
  readonly hidden?: boolean; // the label, where the place says enough to those who see
  readonly placeholder?: string;
  readonly find: (text: string) => Promise<readonly Choice[]>;
  readonly choose: (choice: Choice) => void;
  readonly value?: string;
}

const PAUSE = 120; // milliseconds after a letter

/** A field that finds while one types, by the ARIA pattern of comboboxes with a list. */
export function Combobox({ label, hidden, placeholder, find, choose, value = "" }: Props) {
  const w = useWords(words);
  const id = useId();
  const [text, type] = useState(value);
  const [choices, offer] = useState<readonly Choice[] | null>(null);
  const [at, move] = useState(-1);
  const [failed, fail] = useState(false);
  const params = useRef(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => type(value), [value]);

  const look = (wanted: string) => {
    params.current += 1;
    const turn = params.current;
    setTimeout(() => {
      if (turn !== params.current) return;
      find(wanted).then(
        (found) => {
          if (turn !== params.current) return;
          fail(false);
          offer(found);
          move(found.length && wanted ? 0 : -1);
        },
        () => {
          if (turn !== params.current) return;
          fail(true);
          offer([]);
        },
      );
    }, PAUSE);
  };
  const close = () => {
    params.current += 1;
    offer(null);
    move(-1);
  };
  const take = (choice: Choice) => {
    close();
    type(value);
    choose(choice);
  };
  const step = (by: number) => {
    if (!choices) return look(text);
    if (choices.length) move((at + by + choices.length) % choices.length);
  };
  const key = (event: KeyboardEvent) => {
    const chosen = choices?.[at];
    if (event.isComposing) return; // an input method is at work
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(at < 0 ? 0 : -1);
    else if (event.key === "Enter" && chosen) take(chosen);
    else if (event.key === "Escape" && choices) close();
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const none = failed ? w.failed.lost : w.noOption;
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
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        placeholder={placeholder}
        value={text}
        onInput={(event) => {
          type(event.currentTarget.value);
          look(event.currentTarget.value);
        }}
        onFocus={() => look("")}
        onBlur={close}
        onKeyDown={key}
      />
      {/* Pressing in the list must not take the focus from the field, which would close it. */}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        ref={list}
        hidden={!choices?.length}
        onMouseDown={(event) => event.preventDefault()}
      >
        {choices?.map((choice, place) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus
          <div key={choice.value} id={`${id}-${place}`} role="option" aria-selected={place === at} onClick={() => take(choice)}>
            <bdi>{choice.label}</bdi>
            {choice.note && <small>{choice.note}</small>}
          </div>
        ))}
      </div>
      <p class="unseen" role="status">
        {choices && (choices.length ? fill(w.options, choices.length) : none)}
      </p>
      {choices?.length === 0 && (text || failed) && <p class="none">{none}</p>}
    </div>
  );
}
