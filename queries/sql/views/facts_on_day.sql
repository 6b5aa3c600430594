-- The facts of one day, with the last confirmation and the number of witnesses by that day.
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
  CASE
    WHEN facts.since IS NULL THEN NULL
    WHEN facts.end_day IS NULL AND facts.last_confirmed <= MAX(parameters.day) THEN facts.last_confirmed
    ELSE MAX(CASE WHEN evidence.confirms <= parameters.day THEN evidence.confirms END)
  END AS last_confirmed,
  -- A timeless fact has all its witnesses on every day.
  COUNT(DISTINCT CASE WHEN facts.since IS NULL OR evidence.certain_by <= parameters.day THEN evidence.witness END) AS witnesses
FROM parameters
CROSS JOIN facts
LEFT JOIN evidence ON evidence.fact = facts.fact
WHERE (facts.first_day IS NULL OR facts.first_day <= parameters.day)
  AND (facts.end_day IS NULL OR facts.end_day > parameters.day)
GROUP BY facts.fact, facts.subject, facts.property, facts.value, facts.text, facts.low, facts.high, facts.unit, facts.scope,
  facts.since, facts.end_day, facts.last_confirmed, facts.inferred
