"""Feeds of changes at ``/feeds``, as Atom (RFC 4287) and JSON Feed 1.1."""
