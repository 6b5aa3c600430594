"""Runs one command and writes wall time, processor time, exit code and peak memory to a JSON file.

Usage: python -I -S launch.py REPORT LIMIT COMMAND [ARGUMENT ...]; LIMIT is in seconds, 0 for none.

It runs in a separate process and imports almost nothing, because on Linux the peak memory of a child
starts at that of its parent.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time


def main(report: str, limit: str, *command: str) -> None:
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, float(limit))
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    signal.setitimer(signal.ITIMER_REAL, 0)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    with open(report, "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib is too large an import here
        json.dump(
            {"seconds": seconds, "code": os.waitstatus_to_exitcode(status), "peak": peak, "processor": usage.ru_utime + usage.ru_stime},
            file,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
