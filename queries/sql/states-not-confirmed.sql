-- Which states of plants and lines has no source confirmed in the two years before the day?
SELECT subject, country, status, since, last_confirmed, months
FROM (
  SELECT
    facts_on_day.subject AS subject,
    nodes.country AS country,
    facts_on_day.value AS status,
    facts_on_day.since AS since,
    facts_on_day.last_confirmed AS last_confirmed,
    12 * (YEAR(parameters.day) - YEAR(facts_on_day.last_confirmed)) + MONTH(parameters.day) - MONTH(facts_on_day.last_confirmed) AS months
  FROM facts_on_day
  CROSS JOIN parameters
  JOIN nodes ON nodes.node = facts_on_day.subject
  WHERE facts_on_day.property = 'https://w3id.org/nevkg/ontology#status'
    AND facts_on_day.inferred IS NULL
    AND nodes.country IS NOT NULL
) AS states
WHERE last_confirmed IS NULL OR months >= 24
ORDER BY months DESC, subject, country, status
