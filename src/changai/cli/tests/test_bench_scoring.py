"""The measurement runs, and what it measures is right."""

from changai.cli import bench_scoring


def test_small_measurement_reports_ratios():
    found = bench_scoring.measure(30, 200, 1)
    text = bench_scoring.report(found, 200)
    assert "limit: float32 product + sort" in text
    assert "ours: 30 x 60 score, rank" in text
    assert all(each.seconds > 0 for each in found)
