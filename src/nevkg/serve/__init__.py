"""The HTTP server: a SPARQL endpoint, a JSON API for the questions, and a page for every entity.

``protocol/``, ``api/`` and ``pages/`` read requests and turn them into jobs. ``respond`` answers a job from the cache or
passes it to a worker process of ``pool/``. The ``tasks`` modules do the jobs; they do not depend on HTTP.
"""
