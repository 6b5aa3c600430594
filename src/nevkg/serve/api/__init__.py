"""The HTTP API: what can be asked of the server in JSON, and in the formats of tables and graphs.

An ``Operation`` declares a path once, with its parameters, formats and answer. From these declarations come
the routes, the reading of requests and the OpenAPI document; those of questions and projections are made from the
heads of their files. The ``tasks`` modules do the work, in a worker.
"""
