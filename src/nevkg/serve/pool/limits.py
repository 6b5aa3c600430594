"""Operating-system limits of a worker: memory, priority, and its end together with the server."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

# From <linux/prctl.h>.
_SET_PARENT_DEATH_SIGNAL = 1
_PROCESSOR_CLOCK = 2
# The sixth number of /proc/self/statm, in pages; see proc_pid_statm(5).
_DATA_AND_STACK = 5
# From <malloc.h>.
_TRIM_THRESHOLD = -1
# With this priority a process gets a quarter of a contended processor. With the lowest one, 19, a slow query would make no
# progress beside other work of the machine.
_LOWER_PRIORITY = 5


def limit_memory(megabytes: int) -> None:
    """Limits the memory that this process may use beyond its current use. Allocations beyond that fail, which ends it.

    Only writable memory counts, since allocators and threads reserve more than a gigabyte of addresses without using them.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  pathlib takes longer to import than to read
            in_use = int(file.read().split()[_DATA_AND_STACK]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (in_use + (megabytes << 20), hard))


def release_memory_early() -> None:
    """Makes glibc return freed memory from a megabyte on. It raises this limit by itself, to as much as 64 megabytes for each thread."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, 1 << 20)


def release_memory() -> None:
    """Returns freed memory to the system, as far as the allocator keeps it: glibc keeps most of what building a store needs."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def end_with_parent(parent: int) -> None:
    """Makes the system end this process when the server ends, even in the middle of a query."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def processor_time(process: int) -> float:
    """Returns the processor seconds that a process has used; monotonic time where the system does not report it."""
    try:
        # The clock ID that clock_getcpuclockid(3) of Linux returns for a process.
        return time.clock_gettime(~process << 3 | _PROCESSOR_CLOCK)
    except (AttributeError, OSError):
        return time.monotonic()


def give_way(process: int) -> None:
    """Lowers the priority of a process. Only root could raise it again."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, process, _LOWER_PRIORITY)
