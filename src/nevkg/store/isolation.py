"""Isolates a process from the network (Linux only).

It uses two mechanisms, each where the system allows it: a system call filter by libseccomp, which containers allow,
and a network namespace without interfaces, which they mostly do not.
"""

from __future__ import annotations

import errno
import sys
from contextlib import suppress

# From <linux/sched.h> and <seccomp.h>.
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_ALL_THREADS = 4
_CALLS = (b"socket", b"io_uring_setup")


def isolate() -> None:
    """Isolates this process and its children from all networks by both mechanisms. This cannot be undone."""
    if sys.platform == "linux":
        _leave_networks()
    refuse_sockets()


def refuse_sockets() -> None:
    """Prevents this process and its children from opening sockets: only the filter, which takes about two milliseconds."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            _refuse_sockets()


def describe_isolation() -> str:
    """Names the mechanism that isolates this process, even from this machine; empty if none does. Sends nothing."""
    import socket

    try:
        probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    except OSError:
        return "a filter of system calls"
    with probe:
        try:
            probe.connect(("127.0.0.1", 9))
        except OSError:
            return "a network namespace"
    return ""


def _leave_networks() -> None:
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_NEW_NETWORK) != 0:
        # Without root privileges, a process may do so within a new user namespace.
        library.unshare(_NEW_USER | _NEW_NETWORK)


def _refuse_sockets() -> None:
    """Makes the system refuse new sockets; system calls of another architecture than the process's kill it.

    Raises:
        OSError: if libseccomp is not installed.
        AttributeError: if it lacks a function.
    """
    import ctypes

    library = ctypes.CDLL("libseccomp.so.2")
    filters, number, count = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
    library.seccomp_init.argtypes, library.seccomp_init.restype = [number], filters
    library.seccomp_attr_set.argtypes = [filters, count, number]
    library.seccomp_rule_add_array.argtypes = [filters, number, count, ctypes.c_uint, ctypes.c_void_p]
    library.seccomp_load.argtypes = library.seccomp_release.argtypes = [filters]
    rules = library.seccomp_init(_ALLOW)
    library.seccomp_attr_set(rules, _ALL_THREADS, 1)
    for name in _CALLS:
        library.seccomp_rule_add_array(rules, _REFUSE, library.seccomp_syscall_resolve_name(name), 0, None)
    library.seccomp_load(rules)
    library.seccomp_release(rules)
