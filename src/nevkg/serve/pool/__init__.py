"""Worker processes: each does one job at a time, can be ended at any moment, and is replaced by a new one."""

from nevkg.serve.pool.origin import Origin
from nevkg.serve.pool.pool import Pool

__all__ = ["Origin", "Pool"]
