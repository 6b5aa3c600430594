"""What the system holds a worker to: its memory, and an end with the server that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

# From <linux/prctl.h>.
_SET_PARENT_DEATH_SIGNAL = 1
_PROCESSOR = 2
# The sixth number of /proc/self/statm, in pages; see proc_pid_statm(5).
_DATA_AND_STACK = 5
# A quarter of a processor when others want all of it. With the lowest priority, 19, a slow query would stand still
# beside any other work of the machine.
_LOWER_PRIORITY = 5


def limit_memory(megabytes: int) -> None:
    """Lets this process take so much memory beyond what it has; further requests for memory fail, which ends it.

    What counts is what can be written to. Allocators and threads reserve more than a gigabyte of addresses without using them.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  pathlib takes longer to import than to read
            has = int(file.read().split()[_DATA_AND_STACK]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (has + (megabytes << 20), hard))


def end_with_parent(parent: int) -> None:
    """Ends this process when the server is gone, also in the middle of a query."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def processor_time(process: int) -> float:
    """Seconds of a processor that a process has used; the time of the clock where the system does not tell."""
    try:
        # What clock_getcpuclockid(3) of Linux gives for a process.
        return time.clock_gettime(~process << 3 | _PROCESSOR)
    except (AttributeError, OSError):
        return time.monotonic()


def give_way(process: int) -> None:
    """From now on others come first; there is no way back without the rights of root."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, process, _LOWER_PRIORITY)
