"""The HTTP API: JSON, tables and graphs at ``/api``.

An ``Operation`` declares a path once, with its parameters, formats and response. The routes, the reading of requests and the
OpenAPI document come from these declarations. The operations of questions and projections are generated from the metadata in
their files. The ``*_jobs`` modules have the tasks that do the work in a worker.
"""
