"""The pool of worker processes. Each does one job at a time, can be killed at any moment, and is then replaced."""

from nevkg.serve.pool.pool import Pool
from nevkg.serve.pool.process import Origin

__all__ = ["Origin", "Pool"]
