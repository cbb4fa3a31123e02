"""The measurement runs on a small city, and what it measures is right."""

import subprocess
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from changai.cli import bench_reporting
from changai.cli.bench_reporting.hour import measure
from changai.cli.bench_reporting.timing import Times


def test_percentiles_are_nearest_ranks():
    times = Times("x", [float(number) for number in range(1, 101)])
    assert [times.percentile(percent) for percent in (50, 95, 99)] == [50, 95, 99]
    assert Times("x", [7.0]).percentile(99) == 7


@pytest.mark.django_db
def test_a_small_city_is_measured(capsys):
    assert measure(units=12, items=6, over_http=0, threads=1, sample=3) == 0
    told = capsys.readouterr().out
    for words in (
        "12 units x 6 items",
        "transactions, the longest",
        "submit ",
        "3 submissions in ",
        "taking over ",
        "one field over the whole tree",
        "goal: submission p95 under 300 ms",
    ):
        assert words in told


def test_each_database_is_measured_in_a_process_and_a_folder_of_its_own(monkeypatch):
    started = []

    def start(command, *, env, check):
        started.append((command[-5:], env["CHANGAI_DATABASE_URL"], Path(env["CHANGAI_DATA"]).is_dir(), check))
        return subprocess.CompletedProcess(command, len(started) - 1)

    monkeypatch.setattr(subprocess, "run", start)
    parser = ArgumentParser()
    bench_reporting.register(parser.add_subparsers())
    given = parser.parse_args(["reporting", "--units", "12", "--postgresql", "postgresql:///x"])
    assert isinstance(given, Namespace)
    assert given.run(given) == 1
    sizes = ["12", "60", "200", "16", "0"]
    assert started == [(sizes, "", True, False), (sizes, "postgresql:///x", True, False)]
