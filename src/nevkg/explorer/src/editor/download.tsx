import { useState } from "preact/hooks";
import { RequestError } from "../api/get";
import { sendQuery } from "../api/sparql";
import { useWords } from "../state/language";
import { save } from "../ui/download";
import { useScope } from "./scope";
import { words } from "./words";

/** The result formats: display name, media type and file extension. */
const FORMATS = {
  csv: ["CSV", "text/csv", "csv"],
  tsv: ["TSV", "text/tab-separated-values", "tsv"],
  json: ["JSON", "application/sparql-results+json", "srj"],
  xml: ["XML", "application/sparql-results+xml", "srx"],
  turtle: ["Turtle", "text/turtle", "ttl"],
  ntriples: ["N-Triples", "application/n-triples", "nt"],
  jsonld: ["JSON-LD", "application/ld+json", "jsonld"],
  rdfxml: ["RDF/XML", "application/rdf+xml", "rdf"],
} as const;

type Format = keyof typeof FORMATS;

/** The menu that downloads the whole result, which is requested again in the selected format. */
export function Download({ query, formats }: { query: string; formats: readonly Format[] }) {
  const w = useWords(words);
  const scope = useScope();
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState("");
  const download = async (format: Format) => {
    const [, media, extension] = FORMATS[format];
    setIsBusy(true);
    setError("");
    try {
      save(`nevkg-query.${extension}`, media, await (await sendQuery(query, media, undefined, scope)).blob());
    } catch (caught) {
      setError(caught instanceof RequestError ? caught.message || String(caught.status) : String(caught));
    }
    setIsBusy(false);
  };
  return (
    <details class="menu">
      <summary>{w.download}</summary>
      <div>
        {formats.map((format) => (
          <button key={format} type="button" class="plain" disabled={isBusy} onClick={() => download(format)}>
            {FORMATS[format][0]}
          </button>
        ))}
        <p role="status">
          {isBusy && w.running}
          {error && `${w.failed} ${error}`}
        </p>
      </div>
    </details>
  );
}
