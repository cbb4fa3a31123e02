"""The measurement runs, and what it measures is right."""

import importlib.util

from changai.cli import bench_scoring


def test_small_measurement_reports_ratios():
    found = bench_scoring.measure(30, 200, 1)
    text = bench_scoring.report(found, 200)
    assert "limit: float32 product + sort" in text
    assert "ours: 30 x 60 score, rank, every sentence" in text
    assert "peer: plain NumPy, argsort twice" in text
    for peer, module in bench_scoring._PEERS.items():
        known = importlib.util.find_spec(module) is not None
        assert any(each.name == f"peer: {peer}" for each in found) == known
        assert (peer in text.splitlines()[-1]) != known
    assert all(each.seconds > 0 for each in found)
