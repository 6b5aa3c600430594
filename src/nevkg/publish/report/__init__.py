"""The data report: imported rows and their outcomes, coverage, known problems and gaps.

Rows are counted in the import records. Each query in ``queries/report/`` gives a
table of the coverage. Known problems come from the validation, and gaps from ``gaps.csv`` in the data folder.
"""
