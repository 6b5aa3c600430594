-- Which states of plants and lines rest on one witness by the day, and on whom?
SELECT DISTINCT
  facts_on_day.subject AS subject,
  nodes.country AS country,
  facts_on_day.value AS status,
  facts_on_day.since AS since,
  facts_on_day.last_confirmed AS last_confirmed,
  witnesses.object AS witness
FROM facts_on_day
JOIN nodes ON nodes.node = facts_on_day.subject
JOIN edges AS witnesses ON witnesses.subject = facts_on_day.fact
WHERE facts_on_day.property = 'https://w3id.org/nevkg/ontology#status'
  AND facts_on_day.witnesses = 1
  AND facts_on_day.inferred IS NULL
  AND nodes.country IS NOT NULL
  AND witnesses.predicate = 'https://w3id.org/nevkg/ontology#witness'
ORDER BY subject, country, status, witness
