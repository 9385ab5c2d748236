"""What it takes to start: CPU seconds and memory of each process."""

from tests.benchmarks.processes import cpu_seconds, descendants, peak_mib, serving


def start(port: int, environ: dict[str, str]) -> tuple[float, float]:
    """(CPU seconds, MiB) until one process has answered for the first time."""
    with serving("crm.app:create_app", port, environ, processes=1) as server:
        pids = descendants(server)
        return cpu_seconds(pids), peak_mib(pids)
