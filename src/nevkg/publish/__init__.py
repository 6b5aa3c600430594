"""The dataset in files: canonical, so that the same content has the same bytes."""
