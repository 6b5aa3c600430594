-- Which makers under Chinese control build vehicles in the countries of ASEAN that are not their home, on the date of the dataset?
WITH makers AS (
  SELECT subject AS production, object AS maker FROM edges WHERE predicate = 'https://w3id.org/nevkg/ontology#maker'
),
plants AS (
  SELECT subject AS production, object AS plant FROM edges WHERE predicate = 'https://w3id.org/nevkg/ontology#atPlant'
),
homes AS (
  SELECT subject AS maker, value AS home FROM snapshot WHERE property = 'https://w3id.org/nevkg/ontology#homeCountry'
),
broader AS (
  SELECT subject AS kind, object AS wider FROM edges WHERE predicate = 'http://www.w3.org/2004/02/skos/core#broader'
),
products AS (
  -- Whether a line makes vehicles; a line without a known product counts as one that does.
  SELECT
    snapshot.subject AS production,
    MAX(CASE WHEN 'https://w3id.org/nevkg/product-kind/vehicle' IN (snapshot.value, first.wider, second.wider) THEN 1 ELSE 0 END) AS vehicles
  FROM snapshot
  LEFT JOIN broader AS first ON first.kind = snapshot.value
  LEFT JOIN broader AS second ON second.kind = first.wider
  WHERE snapshot.property = 'https://w3id.org/nevkg/ontology#makes'
  GROUP BY snapshot.subject
),
lines AS (
  -- Lines that are represented by another maker, which is foreign there.
  SELECT DISTINCT shared.subject AS production
  FROM snapshot AS shared
  JOIN makers ON makers.production = shared.value
  JOIN nodes ON nodes.node = shared.subject
  LEFT JOIN homes ON homes.maker = makers.maker AND homes.home = nodes.country
  WHERE shared.property = 'https://w3id.org/nevkg/ontology#sharesLine' AND homes.home IS NULL
)
SELECT DISTINCT
  makers.maker AS maker,
  plants.plant AS plant,
  nodes.country AS country,
  states.since AS since,
  states.last_confirmed AS last_confirmed,
  states.standing AS standing,
  states.inferred AS inferred
FROM snapshot AS states
JOIN makers ON makers.production = states.subject
JOIN nodes ON nodes.node = states.subject
JOIN snapshot AS blocs ON blocs.subject = states.subject
JOIN snapshot AS control ON control.subject = makers.maker
LEFT JOIN plants ON plants.production = states.subject
LEFT JOIN homes ON homes.maker = makers.maker AND homes.home = nodes.country
LEFT JOIN products ON products.production = states.subject
LEFT JOIN lines ON lines.production = states.subject
WHERE states.property = 'https://w3id.org/nevkg/ontology#status'
  AND states.value = 'https://w3id.org/nevkg/plant-status/operating'
  AND states.standing IN ('https://w3id.org/nevkg/standing/corroborated', 'https://w3id.org/nevkg/standing/reported')
  AND nodes.class = 'https://w3id.org/nevkg/ontology#Production'
  AND nodes.country IS NOT NULL
  AND blocs.property = 'https://w3id.org/nevkg/ontology#inBloc'
  AND blocs.value = 'https://w3id.org/nevkg/place/asean'
  AND control.property = 'https://w3id.org/nevkg/ontology#chineseControl'
  AND control.value = 'https://w3id.org/nevkg/answer/yes'
  AND homes.home IS NULL
  AND lines.production IS NULL
  AND (products.production IS NULL OR products.vehicles = 1)
ORDER BY country, maker, plant
