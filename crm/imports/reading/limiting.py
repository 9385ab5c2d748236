"""What a process that reads a stranger's file takes from itself before it begins."""

from contextlib import suppress


def limit_process(memory: int, seconds: int) -> None:
    """Where the system knows such limits; the parent's clock holds everywhere."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
