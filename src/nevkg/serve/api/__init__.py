"""The HTTP API: JSON, tables and graphs at ``/api``.

The ``*_jobs`` modules have the tasks that do the work in a worker; their fields are the parameters of the API. An ``Operation``
declares the path of a task, its formats and response. The routes, the reading of requests and the OpenAPI document come from both.
The operations of questions and projections are generated from the metadata in their files.
"""
