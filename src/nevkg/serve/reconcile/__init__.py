"""The reconciliation service at ``/reconcile``: matches the names in a table with entities, for OpenRefine and other clients.

It follows the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group. The identifier of an entity is its
IRI without the common beginning, such as ``place/BR``; types and properties have short names, such as ``prefix:Name``.
"""
