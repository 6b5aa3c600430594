import { useCallback, useState } from "preact/hooks";
import { useLoading } from "../api/requests";
import { isSite } from "../api/site";
import type { Answer, QuestionHead, View } from "../api/types";
import { answerAddress } from "../ask/answer";
import { useLanguage, useWords } from "../state/language";
import { useRoute } from "../state/route";
import { Copy } from "../ui/controls";
import { save } from "../ui/download";
import { captionOf, citationOf, embedCode, isAvailable, saveFromEngine, shareAddress, titleWithFilters, useIsEmbeddable } from "./links";
import { words } from "./words";
import "./export.css";

const ROW_FORMATS = ["csv", "xlsx", "json", "tsv", "jsonl", "md", "parquet"] as const;
const ARCHIVE_FORMATS = ["zip", "html"] as const;
const REFERENCE_FORMATS = ["bibtex", "csl", "ris"] as const;
const PICTURE_VIEWS: readonly View[] = ["chart", "map", "timeline"];

interface Props {
  readonly question: QuestionHead;
  readonly answer: Answer;
  readonly view: View;
}

/** The menu with downloads, links and the citation of an answer. */
export function AnswerExport(props: Props) {
  const w = useWords(words);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="menu export" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{w.export}</summary>
      {isOpen && <MenuContent {...props} />}
    </details>
  );
}

function MenuContent({ question, answer, view }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const isEmbeddable = useIsEmbeddable();
  const loading = useLoading(useCallback(() => citationOf(question, params, lang), [question, params, lang]));
  const downloads = (formats: readonly (keyof typeof w.formats)[]) => (
    <p class="choices">
      {formats.filter(isAvailable).map((format) => {
        const path = answerAddress(question, params, lang, format);
        const name = `nevkg-${answer.question}-${answer.asOf}.${format}`; // for JSON; the other responses have names
        return (
          <a key={format} href={path} download={name} onClick={(event) => saveFromEngine(event, path, name)}>
            {w.formats[format]}
          </a>
        );
      })}
    </p>
  );
  return (
    <div>
      <h2>{w.rows}</h2>
      {downloads(ROW_FORMATS)}
      {isSite && <p class="quiet">{w.ofServers}</p>}
      <h2>{w.whole}</h2>
      {downloads(ARCHIVE_FORMATS)}
      <h2>{w.references}</h2>
      {downloads(REFERENCE_FORMATS)}
      {PICTURE_VIEWS.includes(view) && <PictureDownloads question={question} answer={answer} view={view} />}
      <h2>{w.link}</h2>
      <p class="choices">
        <Copy text={shareAddress(question, params, lang, view)}>{w.copyLink}</Copy>
        {isEmbeddable && <Copy text={embedCode(titleWithFilters(answer, w.or))}>{w.copyEmbed}</Copy>}
      </p>
      <p class="quiet">{w.linkNote}</p>
      <h2>{w.citation}</h2>
      {loading.data && (
        <div class="cite">
          <p>{loading.data}</p>
          <Copy text={loading.data} />
        </div>
      )}
    </div>
  );
}

function PictureDownloads({ question, answer, view }: Props) {
  const w = useWords(words);
  const lang = useLanguage();
  const { params } = useRoute();
  const [hasFailed, setHasFailed] = useState(false);
  const download = async (format: "svg" | "png") => {
    try {
      const [{ renderPicture }, { pngOf }] = await Promise.all([import("../picture/render"), import("../picture/render")]);
      const svg = await renderPicture(captionOf(answer, await citationOf(question, params, lang), w));
      if (svg === null) throw new Error("The view contains nothing to draw.");
      const name = `nevkg-${answer.question}-${answer.asOf}-${view}.${format}`;
      if (format === "svg") save(name, "image/svg+xml", svg);
      else save(name, "image/png", await pngOf(svg));
      setHasFailed(false);
    } catch {
      setHasFailed(true);
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
      {hasFailed && <p role="alert">{w.failed}</p>}
    </>
  );
}
