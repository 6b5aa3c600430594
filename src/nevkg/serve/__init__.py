"""The HTTP server: a SPARQL endpoint, a JSON API for the questions, and a page for every entity.

``protocol``, ``api/``, ``pages/`` and ``extras/`` read requests and turn them into jobs. ``responder`` answers a job from the
cache or passes it to a worker process of ``pool/``, which runs its task. Tasks do not depend on HTTP.
"""
