"""Questions and queries: the catalogue, parameters, days, answers, and the evidence behind each row."""
