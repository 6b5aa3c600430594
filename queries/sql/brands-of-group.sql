-- Which companies belong to a group on the day, directly or through one other?
WITH parents AS (
  SELECT subject AS member, value AS parent, since, last_confirmed
  FROM facts_on_day
  WHERE property = 'https://w3id.org/nevkg/ontology#parent'
)
SELECT parent AS company, member, 1 AS level, NULLIF(member, member) AS through, since, last_confirmed
FROM parents
UNION ALL
SELECT above.parent AS company, parents.member AS member, 2 AS level, parents.parent AS through, parents.since AS since,
  parents.last_confirmed AS last_confirmed
FROM parents
JOIN parents AS above ON above.member = parents.parent
ORDER BY company, level, through, member, since
