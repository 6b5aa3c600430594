-- Which countries belong to a bloc on the day?
SELECT value AS bloc, subject AS country, since, last_confirmed
FROM facts_on_day
WHERE property = 'https://w3id.org/nevkg/ontology#memberOf'
ORDER BY bloc, country, since
