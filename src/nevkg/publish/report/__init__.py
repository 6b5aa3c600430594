"""The data report: imported rows and their outcomes, corrections, coverage, known problems and gaps.

Rows are counted in the import records, corrections in ``corrections.csv``. Each query in ``queries/report/`` gives a
table of the coverage. Known problems come from the validation, and gaps from ``gaps.csv`` in the data folder.
"""
