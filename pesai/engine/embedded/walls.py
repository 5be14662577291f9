"""The walls of a worker: what the kernel keeps a query from doing.

Each stands alone, so that a hole in one is not a hole in the service: a network namespace without
interfaces, a filter of system calls that refuses sockets and programs, a limit of memory, a limit
of what is written, no core file. The last wall, the deadline, is the engine's: it kills.
"""

import contextlib
import ctypes
import os
import resource
import signal
from typing import ClassVar, Literal

__all__ = [
    "ALL",
    "Wall",
    "address_space",
    "die_with_parent",
    "forbid_sockets",
    "leave_network",
    "limit_files",
    "limit_memory",
    "no_core_file",
]

Wall = Literal["network", "sockets", "memory", "result", "count"]
ALL: tuple[Wall, ...] = ("network", "sockets", "memory", "result", "count")
"""``result`` is the kernel's limit of a file, ``count`` the worker's own count of what it wrote."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when the thread that started it ends (prctl 2).

    Args:
        parent: its process id, for the case that it has ended before this call.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def leave_network() -> bool:
    """Move to a network namespace without any interface, where the kernel allows it.

    Called before any thread is started (unshare 2 asks for that).
    """
    libc = ctypes.CDLL(None, use_errno=True)
    return any(
        libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_EACCES = 0x00050000 | 13
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000

# Numbers of the calls that open a way out (socket, socketpair, bind, listen, accept, connect,
# accept4), start a program (execve, execveat), look into others (ptrace, process_vm_readv) or do
# any of that in disguise (io_uring_setup, io_uring_enter), from the kernel's tables.
_FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 42, 43, 49, 50, 53, 59, 101, 288, 310, 322, 425, 426)),
    "aarch64": (0xC00000B7, (117, 198, 199, 200, 201, 202, 203, 221, 242, 270, 281, 425, 426)),
}


class _Instruction(ctypes.Structure):
    _fields_: ClassVar = [
        ("code", ctypes.c_ushort),
        ("then", ctypes.c_ubyte),
        ("otherwise", ctypes.c_ubyte),
        ("value", ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_: ClassVar = [
        ("length", ctypes.c_ushort),
        ("instructions", ctypes.POINTER(_Instruction)),
    ]


def forbid_sockets() -> bool:
    """Refuse, in this process for ever, the system calls that reach other machines or programs.

    A filter for seccomp 2. Called before the store is opened, so that the store's threads have it
    too. (Lowering RLIMIT_NOFILE to zero is no wall for us: the store opens its files when it first
    needs them, and a query that needs a new one then hangs.)

    Returns:
        Whether the filter is in force: not on processors whose numbers of calls we do not know.
    """
    known = _FORBIDDEN.get(os.uname().machine)
    if known is None:
        return False
    architecture, calls = known
    # A jump says how many instructions to leave out; the last instruction is the refusal.
    refusal = len(calls) + 5
    code = (_Instruction * (refusal + 1))(
        _Instruction(_LOAD, 0, 0, 4),
        _Instruction(_EQUAL, 0, refusal - 2, architecture),
        _Instruction(_LOAD, 0, 0, 0),
        _Instruction(_AT_LEAST, refusal - 4, 0, _X32),
        *(_Instruction(_EQUAL, refusal - 5 - i, 0, call) for i, call in enumerate(calls)),
        _Instruction(_RETURN, 0, 0, _ALLOW),
        _Instruction(_RETURN, 0, 0, _EACCES),
    )
    program = _Program(len(code), code)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program)) == 0)


def address_space() -> int:
    """Bytes of address space of this process now."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        pages = int(os.read(descriptor, 64).split()[0])
    finally:
        os.close(descriptor)
    return pages * _PAGE


def limit_memory(size: int, *, lasting: bool = True) -> None:
    """At most so many bytes of address space; the allocator aborts the process beyond it.

    Args:
        size: bytes.
        lasting: whether this process can never raise the limit again.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size, size if lasting else hard))


def limit_files(size: int) -> None:
    """No file longer than this. Writing beyond is an error (EFBIG), not a signal."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with contextlib.suppress(ValueError):  # the hard limit of the machine is lower already
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def no_core_file() -> None:
    """What a query was about is not left on the disk when its process dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
