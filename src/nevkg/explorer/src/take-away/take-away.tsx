import { useCallback, useState } from "preact/hooks";
import { isSite } from "../api/carry";
import type { Answer, QuestionHead, View } from "../api/types";
import { useLoading } from "../api/use";
import { answerAddress } from "../ask/answer";
import { useLanguage, useWords } from "../state/language";
import { useRoute } from "../state/route";
import { Copy } from "../ui/copy";
import { save } from "../ui/download";
import { captionOf, citationOf, restricted } from "./caption";
import { embedCode, isOffered, permanentAddress, saveHere, shareAddress, useEmbeddable, viewAddress } from "./links";
import { words } from "./words";
import "./take-away.css";

const ROWS = ["csv", "xlsx", "json", "tsv", "jsonl", "md", "parquet"] as const;
const WHOLE = ["zip", "html"] as const;
const REFERENCES = ["bibtex", "csl", "ris"] as const;
const PICTURES: readonly View[] = ["chart", "map", "timeline"];

interface Props {
  readonly question: QuestionHead;
  readonly answer: Answer;
  readonly view: View;
}

/** All the forms in which an answer leaves the explorer. */
export function TakeAway(props: Props) {
  const w = useWords(words);
  const [isOpen, open] = useState(false);
  return (
    <details class="menu take-away" onToggle={(event) => open(event.currentTarget.open)}>
      <summary>{w.takeAway}</summary>
      {isOpen && <Forms {...props} />}
    </details>
  );
}

function Forms({ question, answer, view }: Props) {
  const w = useWords(words);
  const language = useLanguage();
  const { params } = useRoute();
  const isEmbeddable = useEmbeddable();
  const permanent = useLoading(useCallback(() => permanentAddress(question, params), [question, params]));
  const citation = citationOf(answer, permanent.state === "there" ? permanent.data : viewAddress(), w);
  const downloads = (formats: readonly (keyof typeof w.formats)[]) => (
    <p class="choices">
      {formats.filter(isOffered).map((format) => {
        const path = answerAddress(question, params, language, format);
        return (
          <a key={format} href={path} download onClick={(event) => saveHere(event, path)}>
            {w.formats[format]}
          </a>
        );
      })}
    </p>
  );
  return (
    <div>
      <h2>{w.rows}</h2>
      {downloads(ROWS)}
      {isSite && <p class="quiet">{w.ofServers}</p>}
      <h2>{w.whole}</h2>
      {downloads(WHOLE)}
      <h2>{w.references}</h2>
      {downloads(REFERENCES)}
      {PICTURES.includes(view) && <Picture question={question} answer={answer} view={view} />}
      <h2>{w.link}</h2>
      <p class="choices">
        <Copy text={shareAddress(question, params, language, view)}>{w.copyLink}</Copy>
        {isEmbeddable && <Copy text={embedCode(restricted(answer, w.or))}>{w.copyEmbed}</Copy>}
      </p>
      <p class="quiet">{w.linkNote}</p>
      <h2>{w.citation}</h2>
      <div class="cite">
        <p>{citation}</p>
        <Copy text={citation} />
      </div>
    </div>
  );
}

function Picture({ question, answer, view }: Props) {
  const w = useWords(words);
  const { params } = useRoute();
  const [isBroken, set] = useState(false);
  const download = async (format: "svg" | "png") => {
    try {
      const [{ sheet }, { pngOf }] = await Promise.all([import("../picture/sheet"), import("../picture/png")]);
      const svg = await sheet(captionOf(answer, await permanentAddress(question, params), w));
      if (svg === null) throw new Error("nothing is drawn");
      const name = `nevkg-${answer.question}-${answer.asOf}-${view}.${format}`;
      if (format === "svg") save(name, "image/svg+xml", svg);
      else save(name, "image/png", await pngOf(svg));
      set(false);
    } catch {
      set(true);
    }
  };
  return (
    <>
      <h2>{w.picture}</h2>
      <p class="choices">
        {(["png", "svg"] as const).map((format) => (
          <button key={format} type="button" class="small" onClick={() => download(format)}>
            {format.toUpperCase()}
          </button>
        ))}
      </p>
      {isBroken && <p role="alert">{w.failed}</p>}
    </>
  );
}
