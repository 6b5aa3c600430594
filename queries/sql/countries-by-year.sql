-- At how many plants did Chinese makers from elsewhere build at the end of each year, by country?
WITH spells AS (
  SELECT
    plants.object AS plant,
    makers.object AS maker,
    abroad.object AS country,
    year_ends.year AS ended,
    year_ends.upheld AS upheld,
    CASE WHEN facts.since LIKE '..%' THEN 1 ELSE 0 END AS is_open
  FROM facts
  JOIN year_ends ON year_ends.fact = facts.fact
  JOIN edges AS abroad ON abroad.subject = facts.subject AND abroad.predicate = 'https://w3id.org/nevkg/ontology#countsAbroadIn'
  JOIN edges AS makers ON makers.subject = facts.subject AND makers.predicate = 'https://w3id.org/nevkg/ontology#maker'
  JOIN snapshot AS control ON control.subject = makers.object AND control.property = 'https://w3id.org/nevkg/ontology#chineseControl'
  LEFT JOIN edges AS plants ON plants.subject = facts.subject AND plants.predicate = 'https://w3id.org/nevkg/ontology#atPlant'
  WHERE facts.property = 'https://w3id.org/nevkg/ontology#status'
    AND facts.value = 'https://w3id.org/nevkg/plant-status/operating'
    AND control.value = 'https://w3id.org/nevkg/answer/yes'
)
SELECT
  country,
  ended AS reported_year,
  COUNT(DISTINCT CASE WHEN upheld THEN plant END) AS plants,
  COUNT(DISTINCT plant) - COUNT(DISTINCT CASE WHEN upheld THEN plant END) AS more_plants,
  COUNT(DISTINCT CASE WHEN upheld AND is_open = 1 THEN plant END) AS undated,
  COUNT(DISTINCT CASE WHEN upheld THEN maker END) AS makers,
  COUNT(DISTINCT maker) - COUNT(DISTINCT CASE WHEN upheld THEN maker END) AS more_makers
FROM spells
GROUP BY country, ended
ORDER BY country, reported_year
