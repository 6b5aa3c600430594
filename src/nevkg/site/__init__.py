"""A site of files that needs no server: the explorer, its engine, pages without JavaScript, and a release."""
