-- How many statements of each kind do the sources of each year and kind make?
SELECT
  YEAR(sources.latest) AS published,
  sources.kind AS source_kind,
  COUNT(DISTINCT sources.source) AS sources,
  COUNT(DISTINCT statements.statement) AS total,
  COUNT(DISTINCT CASE WHEN statements.kind = 'https://w3id.org/nevkg/ontology#Attribution' THEN statements.statement END) AS attributions,
  COUNT(DISTINCT CASE WHEN statements.kind = 'https://w3id.org/nevkg/ontology#Observation' THEN statements.statement END) AS observations,
  COUNT(DISTINCT CASE WHEN statements.kind = 'https://w3id.org/nevkg/ontology#EventReport' THEN statements.statement END) AS event_reports,
  COUNT(DISTINCT CASE WHEN statements.kind = 'https://w3id.org/nevkg/ontology#Claim' THEN statements.statement END) AS claims
FROM sources
LEFT JOIN statements ON statements.source = sources.source AND statements.certain_by IS NOT NULL
WHERE sources.kind IS NOT NULL
GROUP BY YEAR(sources.latest), sources.kind
ORDER BY published, source_kind
