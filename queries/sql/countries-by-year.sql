-- In how many plants did makers from elsewhere build at the end of each year, by country?
WITH years AS (
  SELECT DISTINCT YEAR(first_day) AS ended FROM facts WHERE first_day IS NOT NULL
),
spells AS (
  SELECT
    about.object AS plant,
    makers.object AS maker,
    nodes.country AS country,
    YEAR(facts.first_day) AS began,
    YEAR(facts.end_day) AS until,
    CASE WHEN facts.since LIKE '..%' THEN 1 ELSE 0 END AS is_open
  FROM facts
  JOIN edges AS about ON about.subject = facts.fact
  JOIN edges AS unit ON unit.subject = facts.fact
  JOIN edges AS makers ON makers.subject = unit.object
  JOIN nodes ON nodes.node = unit.object
  JOIN facts AS homes ON homes.subject = makers.object
  WHERE facts.value = 'https://w3id.org/nevkg/plant-status/operating'
    AND about.predicate = 'https://w3id.org/nevkg/ontology#aboutPlant'
    AND unit.predicate = 'https://w3id.org/nevkg/ontology#holdsFor'
    AND makers.predicate = 'https://w3id.org/nevkg/ontology#maker'
    AND homes.property = 'https://w3id.org/nevkg/ontology#homeCountry'
    AND homes.value <> nodes.country
)
SELECT
  country,
  ended AS reported_year,
  COUNT(DISTINCT CASE WHEN is_open = 0 THEN plant END) AS plants,
  COUNT(DISTINCT CASE WHEN is_open = 0 THEN maker END) AS makers,
  COUNT(DISTINCT CASE WHEN is_open = 1 THEN plant END) AS undated
FROM spells
CROSS JOIN years
WHERE began <= ended AND (until IS NULL OR until > ended)
GROUP BY country, ended
ORDER BY country, reported_year
