import type { Scope } from "../api/sparql";
import type { Dataset } from "../api/types";
import { useGet } from "../api/use";
import { useWords } from "../state/language";
import { words } from "./words";

/** The choice of the query scope: the facts on a day, or the record. */
export function ScopeChoice({ scope, choose }: { scope: Scope; choose: (scope: Scope) => void }) {
  const w = useWords(words);
  const dataset = useGet<Dataset>("api/dataset");
  const isRecord = scope.over === "record";
  const day = scope.as_of ?? (dataset.state === "loaded" ? dataset.data.date : "");
  return (
    <fieldset class="scope">
      <legend class="unseen">{w.scope}</legend>
      <label>
        <input type="radio" name="over" checked={!isRecord} onChange={() => choose({})} /> {w.snapshot}
      </label>{" "}
      <input
        type="date"
        aria-label={w.day}
        value={day}
        disabled={isRecord}
        onChange={(event) => choose(scopeOfDay(event.currentTarget.value))}
      />
      <label>
        <input type="radio" name="over" checked={isRecord} onChange={() => choose({ over: "record" })} /> {w.record}
      </label>
    </fieldset>
  );
}

function scopeOfDay(day: string): Scope {
  return day ? { as_of: day } : {};
}
