-- At how many plants did Chinese makers from elsewhere build at the end of each year, by country?
WITH years AS (
  SELECT
    YEAR(facts.first_day) AS ended,
    CASE WHEN YEAR(facts.first_day) = YEAR(MAX(parameters.day)) THEN MAX(parameters.day)
      ELSE CAST(CONCAT(CAST(YEAR(facts.first_day) AS VARCHAR(4)), '-12-31') AS DATE) END AS last_day
  FROM facts
  CROSS JOIN parameters
  WHERE facts.first_day IS NOT NULL
  GROUP BY YEAR(facts.first_day)
),
spells AS (
  SELECT
    plants.object AS plant,
    makers.object AS maker,
    abroad.object AS country,
    facts.first_day AS first_day,
    facts.end_day AS end_day,
    facts.stale_from AS stale_from,
    CASE WHEN facts.since LIKE '..%' THEN 1 ELSE 0 END AS is_open,
    CASE WHEN facts.support IN ('https://w3id.org/nevkg/standing/corroborated', 'https://w3id.org/nevkg/standing/reported') THEN 1 ELSE 0 END AS is_upheld
  FROM facts
  JOIN edges AS abroad ON abroad.subject = facts.subject AND abroad.predicate = 'https://w3id.org/nevkg/ontology#countsAbroadIn'
  JOIN edges AS makers ON makers.subject = facts.subject AND makers.predicate = 'https://w3id.org/nevkg/ontology#maker'
  JOIN snapshot AS control ON control.subject = makers.object AND control.property = 'https://w3id.org/nevkg/ontology#chineseControl'
  LEFT JOIN edges AS plants ON plants.subject = facts.subject AND plants.predicate = 'https://w3id.org/nevkg/ontology#atPlant'
  WHERE facts.property = 'https://w3id.org/nevkg/ontology#status'
    AND facts.value = 'https://w3id.org/nevkg/plant-status/operating'
    AND control.value = 'https://w3id.org/nevkg/answer/yes'
),
states AS (
  SELECT
    spells.*,
    years.ended AS ended,
    CASE WHEN is_upheld = 1 AND stale_from > last_day THEN 1 ELSE 0 END AS counts
  FROM spells
  CROSS JOIN years
  WHERE first_day <= last_day AND (end_day IS NULL OR end_day > last_day)
)
SELECT
  country,
  ended AS reported_year,
  COUNT(DISTINCT CASE WHEN counts = 1 THEN plant END) AS plants,
  COUNT(DISTINCT plant) - COUNT(DISTINCT CASE WHEN counts = 1 THEN plant END) AS more_plants,
  COUNT(DISTINCT CASE WHEN counts = 1 AND is_open = 1 THEN plant END) AS undated,
  COUNT(DISTINCT CASE WHEN counts = 1 THEN maker END) AS makers,
  COUNT(DISTINCT maker) - COUNT(DISTINCT CASE WHEN counts = 1 THEN maker END) AS more_makers
FROM states
GROUP BY country, ended
ORDER BY country, reported_year
