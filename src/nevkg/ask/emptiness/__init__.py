"""Explains empty answers: which condition removes all rows, what holds on other days, what is planned, and what sources cover."""

from nevkg.ask.emptiness.explain import explain_answer, explain_query, warn_of_unknown
from nevkg.ask.emptiness.reason import Reason

__all__ = ["Reason", "explain_answer", "explain_query", "warn_of_unknown"]
