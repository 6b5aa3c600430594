// Fields, menus, buttons and gauges that several views have.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { fill, useWords } from "../state/language";
import { hrefWith } from "../state/route";
import { words } from "./words";

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  /** Whether the label is only a placeholder. */
  readonly isCompact?: boolean;
}

/** A field for words that filter what is below it. */
export function FilterField({ label, value, change, isCompact = false }: FilterFieldProps) {
  const onInput = (event: { currentTarget: HTMLInputElement }) => change(event.currentTarget.value);
  if (isCompact) return <input type="search" aria-label={label} placeholder={label} value={value} onInput={onInput} />;
  return (
    <label class="filter">
      <span>{label}</span>
      <input type="search" value={value} onInput={onInput} />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly choose: (value: string) => void;
  /** Hides the label from sighted readers. */
  readonly hidden?: boolean;
}

/** A menu of alternatives with its label. */
export function Choice({ label, value, options, choose, hidden = false }: ChoiceProps) {
  return (
    <label class="switch">
      <span class={hidden ? "unseen" : ""}>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {options.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChipsProps {
  readonly values: readonly (readonly [value: string, label: string])[];
  readonly remove: (value: string) => void;
}

/** The selected values, each with a button that removes it. */
export function Chips({ values, remove }: ChipsProps) {
  const w = useWords(words);
  if (!values.length) return null;
  return (
    <ul class="chips">
      {values.map(([value, label]) => (
        <li key={value}>
          <bdi>{label}</bdi>
          <button type="button" aria-label={fill(w.remove, label)} onClick={() => remove(value)}>
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Links to the previous and the next page of a list; the number of the page is in the address. */
export function Pager({ page, pages }: { page: number; pages: number }) {
  const w = useWords(words);
  if (pages < 2) return null;
  return (
    <nav class="pages" aria-label={w.pages}>
      {page > 1 && <a href={hrefWith({ page: page === 2 ? null : String(page - 1) })}>{w.previous}</a>}
      <span>{fill(w.page, page, pages)}</span>
      {page < pages && <a href={hrefWith({ page: String(page + 1) })}>{w.next}</a>}
    </nav>
  );
}

interface LinkListProps {
  readonly links: readonly (readonly [address: string, label: string])[];
  readonly class?: string;
}

/** A list of links. */
export function LinkList({ links, class: name }: LinkListProps) {
  return (
    <ul class={name}>
      {links.map(([address, label]) => (
        <li key={address}>
          <a href={address}>{label}</a>
        </li>
      ))}
    </ul>
  );
}

interface SignButtonsProps {
  readonly buttons: readonly (readonly [sign: ComponentChildren, name: string, press: () => void])[];
}

/** Buttons with signs such as + and −, whose names are tooltips. */
export function SignButtons({ buttons }: SignButtonsProps) {
  return (
    <>
      {buttons.map(([sign, name, press]) => (
        <button key={name} type="button" aria-label={name} title={name} onClick={press}>
          {sign}
        </button>
      ))}
    </>
  );
}

/** A button that copies a text to the clipboard. */
export function Copy({ text, children }: { text: string; children?: string }) {
  const w = useWords(words);
  const [isCopied, setIsCopied] = useState(false);
  const copy = () => {
    navigator.clipboard?.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false), // the browser forbids it; the text can still be selected
    );
  };
  return (
    <button type="button" class="small" onClick={copy} onBlur={() => setIsCopied(false)}>
      <span aria-live="polite">{isCopied ? w.copied : (children ?? w.copy)}</span>
    </button>
  );
}
