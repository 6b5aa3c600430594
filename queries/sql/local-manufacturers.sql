-- Which makers under Chinese control build vehicles in the countries of ASEAN that are not their home, on the day?
WITH lines AS (
  SELECT makers.subject AS production, makers.object AS maker, plants.object AS plant
  FROM edges AS makers
  LEFT JOIN edges AS plants ON plants.subject = makers.subject AND plants.predicate = 'https://w3id.org/nevkg/ontology#atPlant'
  WHERE makers.predicate = 'https://w3id.org/nevkg/ontology#maker'
    AND makers.subject LIKE 'https://w3id.org/nevkg/production/%'
),
homes AS (
  SELECT subject AS company, value AS home FROM facts_on_day WHERE property = 'https://w3id.org/nevkg/ontology#homeCountry'
),
parents AS (
  SELECT DISTINCT subject AS company, value AS owner FROM facts_on_day WHERE property = 'https://w3id.org/nevkg/ontology#parent'
),
-- Each company with itself and its owners up to eight steps above.
chains AS (
  SELECT
    bottom.company AS company, p1.owner AS o1, p2.owner AS o2, p3.owner AS o3, p4.owner AS o4, p5.owner AS o5, p6.owner AS o6,
    p7.owner AS o7, p8.owner AS o8
  FROM (
    SELECT maker AS company FROM lines
    UNION DISTINCT
    SELECT company FROM parents
    UNION DISTINCT
    SELECT owner AS company FROM parents
  ) AS bottom
  LEFT JOIN parents AS p1 ON p1.company = bottom.company
  LEFT JOIN parents AS p2 ON p2.company = p1.owner
  LEFT JOIN parents AS p3 ON p3.company = p2.owner
  LEFT JOIN parents AS p4 ON p4.company = p3.owner
  LEFT JOIN parents AS p5 ON p5.company = p4.owner
  LEFT JOIN parents AS p6 ON p6.company = p5.owner
  LEFT JOIN parents AS p7 ON p7.company = p6.owner
  LEFT JOIN parents AS p8 ON p8.company = p7.owner
),
steps AS (
  SELECT 0 AS step
  UNION ALL
  SELECT 1 AS step
  UNION ALL
  SELECT 2 AS step
  UNION ALL
  SELECT 3 AS step
  UNION ALL
  SELECT 4 AS step
  UNION ALL
  SELECT 5 AS step
  UNION ALL
  SELECT 6 AS step
  UNION ALL
  SELECT 7 AS step
  UNION ALL
  SELECT 8 AS step
),
owners AS (
  SELECT DISTINCT company, owner
  FROM (
    SELECT
      company,
      CASE step
        WHEN 0 THEN company WHEN 1 THEN o1 WHEN 2 THEN o2 WHEN 3 THEN o3 WHEN 4 THEN o4 WHEN 5 THEN o5 WHEN 6 THEN o6 WHEN 7 THEN o7 ELSE o8
      END AS owner
    FROM chains
    CROSS JOIN steps
  ) AS climbed
  WHERE owner IS NOT NULL
),
-- Chinese control: one of the highest owners with a known home, or the maker itself, is at home in China.
chinese AS (
  SELECT DISTINCT owners.company AS company
  FROM owners
  JOIN homes ON homes.company = owners.owner
  WHERE homes.home = 'https://w3id.org/nevkg/place/CN'
    AND owners.owner NOT IN (
      SELECT higher.company FROM owners AS higher JOIN homes AS known ON known.company = higher.owner WHERE higher.owner <> higher.company
    )
),
-- Groups: the highest owners that are no government bodies, or the maker itself.
bodies AS (
  SELECT facts_on_day.subject AS body
  FROM facts_on_day
  JOIN edges AS classes ON classes.subject = facts_on_day.value AND classes.predicate = 'https://w3id.org/nevkg/ontology#classifies'
  WHERE facts_on_day.property = 'https://w3id.org/nevkg/ontology#kind' AND classes.object = 'https://w3id.org/nevkg/ontology#GovernmentBody'
),
highest AS (
  SELECT owners.company AS company, owners.owner AS head
  FROM owners
  WHERE owners.owner <> owners.company
    AND owners.owner NOT IN (SELECT body FROM bodies)
    AND owners.owner NOT IN (SELECT company FROM parents WHERE owner NOT IN (SELECT body FROM bodies))
),
members AS (
  SELECT company, head FROM highest
  UNION ALL
  SELECT DISTINCT maker AS company, maker AS head FROM lines WHERE maker NOT IN (SELECT company FROM highest)
),
-- Lines at plants where a maker of another group also builds: fewer lines share a head with them than stand at the plant.
mixed AS (
  SELECT DISTINCT production
  FROM (
    SELECT
      own.production AS production, own_group.head AS head,
      COUNT(DISTINCT other.production) AS others, COUNT(DISTINCT CASE WHEN other_group.head = own_group.head THEN other.production END) AS alike
    FROM lines AS own
    JOIN members AS own_group ON own_group.company = own.maker
    JOIN lines AS other ON other.plant = own.plant
    JOIN members AS other_group ON other_group.company = other.maker
    GROUP BY own.production, own_group.head
  ) AS counted
  WHERE others > alike
),
-- What lines make: what is reported of them, else of their plant if that leaves no choice.
kinds AS (
  SELECT DISTINCT subject AS unit, value AS kind FROM facts_on_day WHERE property = 'https://w3id.org/nevkg/ontology#productKind'
),
makes AS (
  SELECT unit AS production, kind FROM kinds
  UNION ALL
  SELECT lines.production AS production, kinds.kind AS kind
  FROM lines
  JOIN kinds ON kinds.unit = lines.plant
  WHERE lines.production NOT IN (SELECT unit FROM kinds)
    AND (
      lines.production NOT IN (SELECT production FROM mixed)
      OR lines.plant IN (SELECT unit FROM kinds GROUP BY unit HAVING COUNT(kind) = 1)
    )
),
broader AS (
  SELECT subject AS kind, object AS wider FROM edges WHERE predicate = 'http://www.w3.org/2004/02/skos/core#broader'
),
vehicles AS (
  SELECT makes.production AS production
  FROM makes
  LEFT JOIN broader AS first ON first.kind = makes.kind
  LEFT JOIN broader AS second ON second.kind = first.wider
  WHERE makes.kind = 'https://w3id.org/nevkg/product-kind/vehicle'
    OR first.wider = 'https://w3id.org/nevkg/product-kind/vehicle'
    OR second.wider = 'https://w3id.org/nevkg/product-kind/vehicle'
),
-- Statuses with the rank of their standing on the day.
states AS (
  SELECT
    lines.production AS production, lines.maker AS maker, lines.plant AS plant, facts_on_day.value AS status,
    facts_on_day.since AS since, facts_on_day.last_confirmed AS last_confirmed, facts_on_day.support AS support, facts_on_day.inferred AS inferred,
    CASE
      WHEN facts_on_day.support = 'https://w3id.org/nevkg/standing/unsupported' THEN 0
      WHEN facts_on_day.support = 'https://w3id.org/nevkg/standing/disputed' THEN 1
      WHEN facts_on_day.support = 'https://w3id.org/nevkg/standing/undated' THEN 2
      WHEN facts_on_day.is_stale = 1 THEN 3
      WHEN facts_on_day.support = 'https://w3id.org/nevkg/standing/reported' THEN 4
      ELSE 5
    END AS ladder_rank
  FROM facts_on_day
  JOIN lines ON lines.production = facts_on_day.subject
  WHERE facts_on_day.property = 'https://w3id.org/nevkg/ontology#status'
),
-- A brand and its company share a line if both have the same status at one plant; the better supported one represents it.
shared AS (
  SELECT
    brand.production AS of_brand, company.production AS of_company, brand.maker AS brand, company.maker AS company,
    CASE WHEN brand.ladder_rank > company.ladder_rank OR (brand.ladder_rank = company.ladder_rank AND company.inferred) THEN 1 ELSE 0 END AS is_brands
  FROM parents
  JOIN states AS brand ON brand.maker = parents.company
  JOIN states AS company ON company.maker = parents.owner AND company.plant = brand.plant AND company.status = brand.status
),
represented AS (
  SELECT of_company AS production, brand AS representative FROM shared WHERE is_brands = 1
  UNION ALL
  SELECT of_brand AS production, company AS representative FROM shared WHERE is_brands = 0
),
hidden AS (
  -- Those that a maker from elsewhere represents.
  SELECT represented.production AS production
  FROM represented
  JOIN nodes ON nodes.node = represented.production
  LEFT JOIN homes ON homes.company = represented.representative AND homes.home = nodes.country
  WHERE homes.home IS NULL
)
SELECT DISTINCT
  states.maker AS maker,
  states.plant AS plant,
  nodes.country AS country,
  states.since AS since,
  states.last_confirmed AS last_confirmed,
  states.support AS standing,
  states.inferred AS inferred
FROM states
JOIN nodes ON nodes.node = states.production
JOIN facts_on_day AS blocs ON blocs.subject = states.production
LEFT JOIN homes ON homes.company = states.maker AND homes.home = nodes.country
WHERE states.status = 'https://w3id.org/nevkg/plant-status/operating'
  AND states.ladder_rank >= 4
  AND nodes.country IS NOT NULL
  AND homes.home IS NULL
  AND blocs.property = 'https://w3id.org/nevkg/ontology#inBloc'
  AND blocs.value = 'https://w3id.org/nevkg/place/asean'
  AND states.maker IN (SELECT company FROM chinese)
  AND states.production NOT IN (SELECT production FROM hidden)
  AND (states.production IN (SELECT production FROM vehicles) OR states.production NOT IN (SELECT production FROM makes))
ORDER BY country, maker, plant
