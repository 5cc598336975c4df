"""Runs notebooks through Dask, on this machine unless the address of a cluster is given.

Each notebook is a process of its own (see `vretlib.batch.process`). The local cluster's workers are therefore
threads that only wait. The workers of a real cluster must see the same library and the same results folder, which is
checked before anything starts.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import dask
from dask.system import CPU_COUNT

from vretlib.batch import plan, process
from vretlib.batch.records import Failure, Record
from vretlib.batch.runner import Job
from vretlib.errors import UserError

if TYPE_CHECKING:
    from distributed import Client

Event = Mapping[str, Any]

RETURN_SECONDS = 30.0
"""Seconds for which a run waits for lost workers of a cluster to come back."""


def default_jobs(n_tasks: int, cores: int = CPU_COUNT) -> int:
    """How many notebooks run at once: one for each core up to four, and on more cores one for every two.

    Parts of every page, such as its figures, run in a single thread. Two pages with a thread each therefore end earlier
    than two pages with two threads one after the other. With many cores the longest page decides how long all of them
    take, so that pages get two threads there.
    """
    return max(1, min(n_tasks, max(cores // 2, min(cores, 4))))


def run(
    jobs: Sequence[Job],
    *,
    slots: int,
    cluster: str = "",
    on_event: Callable[[Event], None],
    on_end: Callable[[Record], None],
    on_tick: Callable[[], None] = lambda: None,
) -> None:
    """Run the jobs, in this order as slots come free.

    Every job ends with a record, even if its worker or scheduler was lost. A KeyboardInterrupt stops all running
    notebooks before it is raised to the caller.

    Parameters
    ----------
    slots: maximum number of notebooks at once on this machine; a cluster's workers have their own.
    cluster: address of a Dask scheduler, ``tcp://host:port``.
    on_event, on_end, on_tick: called when a cell starts, when a notebook ends, and about five times a second.
    """
    run_id = f"vretlib-{uuid.uuid4().hex[:12]}"
    events: SimpleQueue[Event] = SimpleQueue()  # from Dask's thread to this one
    with _client(cluster, slots) as client:
        if cluster:
            _check_workers(client, jobs)
        share = _slots_by_worker(client)
        client.subscribe_topic(run_id, lambda stamped: events.put(stamped[1]))
        waiting = {
            client.submit(_on_worker, job, run_id, share, key=f"{job.name}-{run_id}", pure=False, priority=-i): job
            for i, job in enumerate(jobs)
        }
        losses = _LossDetector(client)
        try:
            while waiting:
                while not events.empty():
                    on_event(events.get())
                lost = losses.reason()
                for future in [future for future in waiting if lost or future.done()]:
                    on_end(_outcome(future, waiting.pop(future), lost))
                on_tick()
                time.sleep(0.2)
        finally:
            with suppress(OSError, TimeoutError):  # the cluster may be lost at this moment
                if client.status == "running":
                    client.unsubscribe_topic(run_id)
                    if waiting:
                        client.run(process.stop, run_id)


class _LossDetector:
    """Notices that a cluster has no workers left; Dask itself would wait forever."""

    def __init__(self, client: "Client"):
        self.client, self.since = client, time.monotonic()

    def reason(self) -> str:
        """What was lost; empty while there are workers, and for `RETURN_SECONDS` afterwards."""
        if self.client.status in ("closing", "closed"):
            return "the scheduler of the cluster was lost"
        with suppress(OSError, TimeoutError):
            if self.client.status == "running" and self.client.scheduler_info()["n_workers"]:
                self.since = time.monotonic()
        if time.monotonic() - self.since < RETURN_SECONDS:
            return ""
        return f"all workers of the cluster were lost, and none came back in {RETURN_SECONDS:.0f} s"


def _on_worker(job: Job, run_id: str, share: Mapping[str, int]) -> Record:
    from distributed import get_worker

    worker = get_worker()
    threads = max(1, CPU_COUNT // share.get(worker.address, worker.state.nthreads))
    return process.run(replace(job, threads=threads), run_id, lambda event: worker.log_event(run_id, event))


def _outcome(future: Any, job: Job, lost: str) -> Record:
    """The record of a future; a lost or failed worker counts as the notebook's failure."""
    if future.status == "finished" and not lost:
        return future.result()
    error = future.exception() if future.status == "error" else ConnectionError(lost or "given up by the cluster")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    failure = Failure(0, type(error).__name__, str(error))
    return Record(job.name, job.name, now, 0.0, 0, 0, 0, job.ingredients, failure)


def _slots_by_worker(client: "Client") -> dict[str, int]:
    """The number of notebooks that each worker's machine may run at once, over all its workers."""
    workers = client.scheduler_info(n_workers=-1)["workers"]
    on_host: dict[str, int] = {}
    for worker in workers.values():
        on_host[worker["host"]] = on_host.get(worker["host"], 0) + worker["nthreads"]
    return {address: on_host[worker["host"]] for address, worker in workers.items()}


@contextmanager
def _client(cluster: str, slots: int) -> Iterator["Client"]:
    from distributed import Client, LocalCluster

    # Records report losses. Dask's loggers would also show, with tracebacks, connections that end in closing.
    for name in ("distributed", "distributed.client", "tornado.application", "tornado.general", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    if cluster:
        try:
            client = Client(cluster, timeout=10)
        except (OSError, ValueError) as error:
            raise UserError(
                f"{cluster}: no Dask scheduler answers there ({error}); expected tcp://host:port"
            ) from error
        with client:
            yield client
        return
    dask.config.set({"distributed.worker.profile.enabled": False})  # samples of threads that wait take 4 % of a core
    local = LocalCluster(
        n_workers=1,
        threads_per_worker=slots,
        processes=False,
        memory_limit=None,
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
    )
    with local, Client(local) as client:
        yield client


def _check_workers(client: "Client", jobs: Sequence[Job]) -> None:
    if not client.scheduler_info(n_workers=-1)["workers"]:
        raise UserError(f"{client.scheduler.address}: this cluster has no workers; start some with 'dask worker'")
    here = _folders_seen(jobs[0].output, jobs[0].notebook)
    for address, there in client.run(_folders_seen, jobs[0].output, jobs[0].notebook).items():
        if there["library"] != here["library"]:
            raise UserError(f"worker {address}: has another version of vretlib or of its data; install this one there")
        if missing := [path for path, seen in there["paths"].items() if not seen]:
            raise UserError(f"worker {address}: does not see {missing[0]}; the workers need the same folders")


def _folders_seen(*paths: str) -> dict[str, Any]:
    return {"library": plan.library_hash(), "paths": {path: Path(path).exists() for path in paths}}
