-- The facts of one day, as all that is known supports them.
SELECT
  facts.fact AS fact,
  facts.subject AS subject,
  facts.property AS property,
  facts.value AS value,
  facts.text AS text,
  facts.low AS low,
  facts.high AS high,
  facts.unit AS unit,
  facts.scope AS scope,
  facts.since AS since,
  facts.inferred AS inferred,
  facts.last_confirmed AS last_confirmed,
  CASE WHEN facts.stale_from <= parameters.day THEN 1 ELSE 0 END AS is_stale,
  facts.support AS support,
  COALESCE(facts.witnesses, 0) AS witnesses
FROM parameters
CROSS JOIN facts
WHERE (facts.first_day IS NULL OR facts.first_day <= parameters.day)
  AND (facts.end_day IS NULL OR facts.end_day > parameters.day)
