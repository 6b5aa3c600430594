import { useState } from "preact/hooks";
import { RequestError } from "../api/get";
import { sendQuery } from "../api/sparql";
import { useWords } from "../state/language";
import { save } from "../ui/download";
import { useScope } from "./scope";
import { words } from "./words";

/** The formats of the protocol: their names to readers, media types, and endings of file names. */
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

/** The whole answer as a file, asked for anew in the format. */
export function Download({ query, formats }: { query: string; formats: readonly Format[] }) {
  const w = useWords(words);
  const scope = useScope();
  const [busy, wait] = useState(false);
  const [error, fail] = useState("");
  const load = async (format: Format) => {
    const [, media, ending] = FORMATS[format];
    wait(true);
    fail("");
    try {
      save(`nevkg-query.${ending}`, media, await (await sendQuery(query, media, undefined, scope)).blob());
    } catch (caught) {
      fail(caught instanceof RequestError ? caught.message || String(caught.status) : String(caught));
    }
    wait(false);
  };
  return (
    <details class="menu">
      <summary>{w.download}</summary>
      <div>
        {formats.map((format) => (
          <button key={format} type="button" class="plain" disabled={busy} onClick={() => load(format)}>
            {FORMATS[format][0]}
          </button>
        ))}
        <p role="status">
          {busy && w.running}
          {error && `${w.failed} ${error}`}
        </p>
      </div>
    </details>
  );
}
