-- How many plants has each country in each state on the day?
WITH known AS (
  SELECT DISTINCT nodes.country AS country, facts_on_day.subject AS plant
  FROM facts_on_day
  JOIN nodes ON nodes.node = facts_on_day.subject
  WHERE nodes.class = 'https://w3id.org/nevkg/ontology#Plant'
    AND nodes.country IS NOT NULL
    AND facts_on_day.property IN ('https://w3id.org/nevkg/ontology#status', 'https://w3id.org/nevkg/ontology#maker')
),
states AS (
  SELECT
    subject AS plant,
    value AS status,
    CASE
      WHEN is_stale = 0 AND support IN ('https://w3id.org/nevkg/standing/corroborated', 'https://w3id.org/nevkg/standing/reported') THEN 1
      ELSE 0
    END AS is_upheld
  FROM facts_on_day
  WHERE property = 'https://w3id.org/nevkg/ontology#status'
),
totals AS (
  SELECT country AS place, COUNT(DISTINCT plant) AS total
  FROM known
  GROUP BY country
)
SELECT
  known.country AS country,
  states.status AS status,
  COUNT(DISTINCT CASE WHEN states.status IS NULL OR states.is_upheld = 1 THEN known.plant END) AS number,
  COUNT(DISTINCT known.plant) - COUNT(DISTINCT CASE WHEN states.status IS NULL OR states.is_upheld = 1 THEN known.plant END) AS more,
  MAX(totals.total) AS total
FROM known
LEFT JOIN states ON states.plant = known.plant
JOIN totals ON totals.place = known.country
GROUP BY known.country, states.status
ORDER BY country, status
