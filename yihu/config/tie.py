"""A process that must not outlive the one that started it, even if that one is killed outright."""

import ctypes
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def tied_to_parent(number: int) -> Callable[[], None]:
    """Called in the child: the kernel sends it this signal when its parent is gone. Only Linux can."""
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number)
