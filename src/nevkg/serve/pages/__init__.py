"""Pages: every name of ours answers with a page or RDF, and the questions can be asked without a program."""
