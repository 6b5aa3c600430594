-- Which policies have been in force in which countries, from when until when?
SELECT DISTINCT subject AS policy, value AS country, first_day, end_day
FROM facts
WHERE property = 'https://w3id.org/nevkg/ontology#inForceIn'
ORDER BY first_day, policy, country
