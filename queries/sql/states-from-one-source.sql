-- Which states of plants and lines rest on one witness by the day, and on whom?
SELECT DISTINCT
  facts_on_day.subject AS subject,
  nodes.country AS country,
  facts_on_day.value AS status,
  facts_on_day.since AS since,
  facts_on_day.last_confirmed AS last_confirmed,
  evidence.witness AS witness
FROM facts_on_day
CROSS JOIN parameters
JOIN nodes ON nodes.node = facts_on_day.subject
JOIN evidence ON evidence.fact = facts_on_day.fact
WHERE facts_on_day.property = 'https://w3id.org/nevkg/ontology#status'
  AND facts_on_day.witnesses = 1
  AND facts_on_day.inferred IS NULL
  AND nodes.country IS NOT NULL
  AND evidence.witness IS NOT NULL
  AND evidence.certain_by <= parameters.day
ORDER BY subject, country, status, witness
