"""The measurement runs on a small city, and what it measures is right."""

import subprocess
import sys

from changai.cli.bench_reporting.timing import Times


def test_percentiles_are_nearest_ranks():
    times = Times("x", [float(number) for number in range(1, 101)])
    assert [times.percentile(percent) for percent in (50, 95, 99)] == [50, 95, 99]
    assert Times("x", [7.0]).percentile(99) == 7


def test_a_small_city_is_measured():
    command = [
        sys.executable,
        "-m",
        "changai.cli.main",
        "bench",
        "reporting",
        "--units",
        "12",
        "--items",
        "6",
    ]
    done = subprocess.run(
        [*command, "--over-http", "0"], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "sqlite: 12 units x 6 items" in done.stdout
    assert "submit " in done.stdout
    assert "one field over the whole tree" in done.stdout
    assert "goal: submission p95 under 300 ms" in done.stdout
