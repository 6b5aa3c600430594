"""The server: the SPARQL Protocol, the questions as an API, a page for every entity.

A request is read in ``protocol/``, ``api/`` or ``pages/`` and becomes a job; ``respond`` finds the answer in the
cache or has a worker process of ``pool/`` do the job; what a job does stands in the ``tasks`` modules, which know
nothing of HTTP.
"""
