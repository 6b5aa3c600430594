-- The facts of one day, as all that is known supports them. The age in months is up to that day.
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
  12 * (YEAR(parameters.day) - YEAR(facts.last_confirmed)) + MONTH(parameters.day) - MONTH(facts.last_confirmed)
    - CASE WHEN DAY(parameters.day) < DAY(facts.last_confirmed) THEN 1 ELSE 0 END AS months,
  facts.support AS support,
  COALESCE(facts.witnesses, 0) AS witnesses
FROM parameters
CROSS JOIN facts
WHERE (facts.first_day IS NULL OR facts.first_day <= parameters.day)
  AND (facts.end_day IS NULL OR facts.end_day > parameters.day)
