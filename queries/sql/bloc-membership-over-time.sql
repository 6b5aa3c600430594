-- Which countries have belonged to which blocs, from when until when?
SELECT subject AS country, value AS bloc, first_day, end_day
FROM facts
WHERE property = 'https://w3id.org/nevkg/ontology#memberOf'
ORDER BY bloc, first_day, country
