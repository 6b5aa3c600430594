-- How many sources and statements come from each publisher, by language and kind?
WITH counts AS (
  SELECT source AS of_source, COUNT(DISTINCT CASE WHEN certain_by IS NOT NULL THEN statement END) AS said
  FROM statements
  GROUP BY source
)
SELECT
  sources.publisher AS publisher,
  sources.written_in AS written_in,
  sources.kind AS kind,
  COUNT(DISTINCT sources.source) AS number,
  COUNT(DISTINCT CASE WHEN sources.latest IS NOT NULL THEN sources.source END) AS dated,
  SUM(COALESCE(counts.said, 0)) AS statements
FROM sources
LEFT JOIN counts ON counts.of_source = sources.source
WHERE sources.kind IS NOT NULL
GROUP BY sources.publisher, sources.written_in, sources.kind
ORDER BY number DESC, publisher, written_in, kind
