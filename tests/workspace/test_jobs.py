from __future__ import annotations

from threading import Event

import pytest

from fgclip.workspace.jobs import BusyError, Job, Jobs
from fgclip.workspace.progress import Meter, Progress, Watch


def ended(jobs: Jobs) -> Job:
    jobs.wait(10)
    assert jobs.latest is not None
    return jobs.latest


def test_a_job_says_what_it_did() -> None:
    jobs = Jobs()

    def work(watch: Watch) -> str:
        watch(Progress(3, 9, "pictures", "reading"))
        return "three of nine"

    jobs.start("Reading", work)

    job = ended(jobs)
    assert (job.outcome, job.words, job.title) == ("done", "three of nine", "Reading")
    assert job.progress == Progress(3, 9, "pictures", "reading")


def test_one_job_runs_at_a_time_and_can_be_stopped() -> None:
    jobs, begun = Jobs(), Event()

    def forever(watch: Watch) -> str:
        while True:
            watch(Progress(0, None, "pictures", "waiting"))
            begun.set()

    jobs.start("Waiting", forever)
    begun.wait(10)
    with pytest.raises(BusyError, match="Waiting is still running"):
        jobs.start("Another", forever)
    jobs.stop()

    assert ended(jobs).outcome == "cancelled"
    assert jobs.start("Another", lambda _: "").number == 2


def test_a_job_that_fails_says_why() -> None:
    def fail(_: Watch) -> str:
        raise OSError("no such disk")

    jobs = Jobs()
    jobs.start("Failing", fail)

    assert (ended(jobs).outcome, ended(jobs).words) == ("failed", "no such disk")


def test_a_meter_knows_rate_and_time_left() -> None:
    told: list[Progress] = []
    meter = Meter(told.append, unit="pictures", stage="reading", total=8)

    meter.advance(2)

    first, second = told
    assert (first.done, first.rate, first.seconds_left) == (0, None, None)
    assert second.done == 2
    assert second.rate is not None
    assert second.seconds_left == pytest.approx(6 / second.rate)
