"""Clients: who sends a request, and how much work each may cause."""
