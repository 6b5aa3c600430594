"""The data report: what came in, what became of it, what the data covers, and what it does not.

Rows are counted from the accounts of the imports, mends from ``corrections.csv``; what the data covers is told by the
queries of ``queries/report/``, each a table; what is wrong by the validation, in its own words; and what no source tells
by ``gaps.csv`` of the data floor.
"""
