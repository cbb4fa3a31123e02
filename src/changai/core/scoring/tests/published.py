"""Published cases, read where they are kept; tests that need them are skipped where they are not."""

import csv
import json

import numpy as np
import pytest
from tests.reference import CASES


def case(name):
    path = CASES / name
    if not path.exists():
        pytest.skip(f"the published case {name} is not on this machine")
    return path


def read_json(name):
    return json.loads(case(name).read_text(encoding="utf-8"))


def read_csv(name):
    with case(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def ranks_of(values):
    return [1 + sum(other > value + 1e-12 for other in values) for value in values]


def number(text):
    return float(text) if text not in ("", "NA") else np.nan


def tai():
    rows = read_csv("oecd_tai/raw_table_A2.csv")
    names = [name for name in rows[0] if name != "country"]
    return (
        [row["country"] for row in rows],
        names,
        np.array([[float(row[name]) for name in names] for row in rows]),
    )
