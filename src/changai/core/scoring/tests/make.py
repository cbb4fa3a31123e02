# ruff: noqa: ARG002 - every maker of rules has the same signature
"""Factories of schemes, facts and random tables for the tests of the engine."""

import random
from fractions import Fraction

from changai.core import scoring
from changai.core.scoring import Status
from changai.core.scoring.decimals import write_number

R = Status.REPORTED


def make_scheme(*leaves, **table):
    """Return a scheme of one category whose leaves are (code, points, rule) or full node dicts."""
    nodes = [leaf if isinstance(leaf, dict) else make_leaf(*leaf) for leaf in leaves]
    full = sum(Fraction(str(node["points"])) for node in nodes)
    body = {"category": "县区", "full": write_number(full), "void": "zero", "nodes": nodes, **table}
    return scoring.Scheme.from_json({"scheme": "试行", "tables": [body]})


def make_leaf(code, points, rule, **more):
    return {"code": code, "name": f"指标{code}", "points": str(points), "rule": rule, **more}


def make_facts(units, statuses=None):
    """Return facts from {unit: {field: value}}; a value may be a Status instead."""
    rows = []
    for unit, figures in units.items():
        for field, value in figures.items():
            if isinstance(value, Status):
                rows.append((unit, field, None, value))
            else:
                rows.append((unit, field, str(value), R))
    return scoring.Facts.from_rows(rows, units=list(units))


def make_card(rule, units, points=10, **table):
    """Return the scorecard of a single-leaf table with code 1."""
    scheme = make_scheme(("1", points, rule), **table)
    return scoring.score(scheme, "县区", make_facts(units))


def leaf_points(rule, units, points=10, **table):
    """Return the points text of the single leaf for every unit, in order."""
    card = make_card(rule, units, points, **table)
    return [card.leaf(unit, "1").points_text for unit in units]


FIELDS = [f"f{number}" for number in range(8)]
TRUTHS = ["t0", "t1", "t2"]
MARKS = ["m0", "m1", "m2", "m3", "m4", "m5", "m6"]
SCALE = {"A": "1", "B": "0.8", "C": "0.6", "D": "0.3"}


class RandomTable:
    """Draws tables and facts that provoke ties: small integers, round shares, many equal values."""

    def __init__(self, seed):
        self.draw = random.Random(seed)  # noqa: S311 - test data

    def number(self, *choices):
        return self.draw.choice(choices)

    def measure(self):
        a, b = self.draw.sample(FIELDS, 2)
        return self.draw.choice(
            [
                {"measure": "Value", "field": a},
                {"measure": "Ratio", "num": a, "den": b, "times": 100, "unit": "%"},
                {"measure": "Ratio", "num": a, "den": b},
                {"measure": "Growth", "cur": a, "prev": b},
                {"measure": "Difference", "minuend": a, "subtrahend": b},
                {"measure": "Total", "parts": [a, b], "mean": True},
            ]
        )

    def condition(self):
        return self.draw.choice(
            [
                {"condition": "Yes", "field": self.draw.choice(TRUTHS)},
                {"condition": "Not", "part": {"condition": "Yes", "field": self.draw.choice(TRUTHS)}},
                {
                    "condition": "Compare",
                    "of": self.measure(),
                    "side": self.side(),
                    "bound": self.number(0, 5, 50, "2.5"),
                },
                {
                    "condition": "CompareAverage",
                    "of": self.measure(),
                    "side": self.side(),
                    "times": self.number(1, "0.9"),
                },
            ]
        )

    def side(self):
        return self.number("at_least", "above", "at_most", "below")

    def rule(self, full, depth=0):
        """Return a random rule whose range lies within [0, full]."""
        makers = [
            self.linear,
            self.tiers,
            self.per_item,
            self.per_step,
            self.checklist,
            self.reviewed,
            self.imported,
        ]
        makers += [
            self.rank_points,
            self.best,
            self.average,
            self.escalating,
            self.within,
            self.grades,
            self.change,
        ]
        if depth < 2:
            makers += [self.when, self.sum, self.worst]
        return self.draw.choice(makers)(full, depth)

    def linear(self, full, depth):
        low = self.number(0, 10, "2.5")
        high = self.number(60, 100, "97.5")
        knots = [[low, self.number(0, "0.6")], [high, 1]]
        rule = {"rule": "Linear", "of": self.measure(), "knots": knots}
        if self.draw.random() < 0.3:
            rule["below"] = "0"
        return rule

    def tiers(self, full, depth):
        bounds = [self.number(1, 10), self.number(50, 60), self.number(90, 100)]
        shares = [["0.2", "0.6", "1"], ["1", "0.6", "0.2"]]
        descending = self.draw.random() < 0.4
        return {
            "rule": "Tiers",
            "of": self.measure(),
            "bounds": bounds,
            "shares": shares[descending],
            "descending": descending,
            "strict": self.draw.random() < 0.4,
        }

    def per_item(self, full, depth):
        names = self.draw.sample(FIELDS[:4], 2)
        items = {name: self.number("-0.5", "-0.05", "-1", "-0.125") for name in names}
        return {"rule": "PerItem", "items": items, "floor": "0"}

    def per_step(self, full, depth):
        return {
            "rule": "PerStep",
            "of": self.measure(),
            "target": self.number(20, 50, "99.5"),
            "per": self.number("-0.05", "-0.1", "-0.125"),
            "step": self.number(1, "0.5", 3),
            "side": self.number("below", "above"),
            "counting": self.number("exact", "whole", "started"),
            "floor": "0",
        }

    def checklist(self, full, depth):
        third = write_number(full / 4)
        return {"rule": "Checklist", "items": dict.fromkeys(TRUTHS, third), "cap": write_number(full)}

    def reviewed(self, full, depth):
        return {
            "rule": "Clip",
            "of": {"rule": "Reviewed", "field": "r0", "hi": "1000"},
            "cap": write_number(full),
        }

    def imported(self, full, depth):
        return {"rule": "Imported", "field": "r0", "out_of": self.number(100, 120, 30)}

    def rank_points(self, full, depth):
        rule = {"rule": "RankPoints", "of": self.measure(), "step": self.number("0.05", "0.1", "1/3")}
        if self.draw.random() < 0.3:
            rule["shares"] = ["1", "0.95", "0.9"]
        if self.draw.random() < 0.3:
            rule["only_above"] = self.number(5, 50)
        rule["lowest_first"] = self.draw.random() < 0.3
        return rule

    def best(self, full, depth):
        rule = {"rule": "ProportionToBest", "of": {"measure": "Value", "field": self.draw.choice(FIELDS)}}
        if self.draw.random() < 0.4:
            rule["within"] = 3
        return rule

    def average(self, full, depth):
        return {
            "rule": "RelativeToAverage",
            "of": self.measure(),
            "per": self.number("-0.1", "-0.05"),
            "side": self.number("below", "above"),
            "basis": self.number("points", "percent"),
            "floor": "0",
        }

    def escalating(self, full, depth):
        return {"rule": "Escalating", "field": "c0", "losses": [write_number(full / 4), "full"]}

    def within(self, full, depth):
        return {
            "rule": "WithinTarget",
            "of": {"measure": "Value", "field": self.draw.choice(FIELDS)},
            "target": self.number(3, "7.5"),
        }

    def grades(self, full, depth):
        return {
            "rule": "Grades",
            "judges": MARKS,
            "scale": SCALE,
            "trim_above": self.number(3, 5),
            "least": self.number(1, 4),
            "alike": self.number("count", "void"),
        }

    def change(self, full, depth):
        half = write_number(full / 2)
        amounts = {"base": half, "up": "0.05", "up_cap": half, "down": "0.1", "down_cap": half}
        a, b = self.draw.sample(FIELDS, 2)
        return {
            "rule": "BaseChange",
            "of": {"measure": "Difference", "minuend": a, "subtrahend": b},
            **amounts,
        }

    def when(self, full, depth):
        return {
            "rule": "When",
            "when": self.condition(),
            "then": self.rule(full, depth + 1),
            "otherwise": self.number({"rule": "Fixed", "share": "0"}, self.rule(full, depth + 1)),
        }

    def sum(self, full, depth):
        parts = [self.rule(full, depth + 1), self.rule(full, depth + 1)]
        return {"rule": "Sum", "parts": parts, "floor": "0", "cap": write_number(full)}

    def worst(self, full, depth):
        return {"rule": "Worst", "parts": [self.rule(full, depth + 1), self.rule(full, depth + 1)]}

    def leaf(self, code, points):
        leaf = {"code": code, "name": code, "points": write_number(points), "rule": self.rule(points)}
        if self.draw.random() < 0.5:
            leaf["missing"] = self.number("zero", "full", "average", "reweight")
            leaf["void"] = self.number("zero", "full", "average", "reweight")
            leaf["not_applicable"] = self.number("zero", "full", "average", "reweight")
        return leaf

    def table(self):
        nodes, total = [], Fraction(0)
        for first in range(1, self.draw.randint(2, 3) + 1):
            children = []
            for second in range(1, self.draw.randint(1, 3) + 1):
                points = Fraction(self.number("2", "5", "7.5", "10", "0.35"))
                children.append(self.leaf(f"{first}.{second}", points))
            points = sum(Fraction(child["points"]) for child in children)
            total += points
            nodes.append(
                {"code": str(first), "name": str(first), "points": write_number(points), "children": children}
            )
        bonus = [
            {
                "code": "B1",
                "name": "b",
                "cap": "2",
                "rule": {"rule": "PerItem", "items": {"f0": "0.125"}, "start": "0"},
            }
        ]
        item = {"rule": "PerItem", "items": {"f1": "-0.125"}, "start": "0"}
        penalty = [
            {"code": "P1", "name": "p", "cap": "3", "matter": "同事", "rule": item},
            {"code": "P2", "name": "q", "cap": "1", "matter": "同事", "rule": item},
            {"code": "P3", "name": "r", "cap": "2", "rule": item},
        ]
        veto = {
            "code": "V1",
            "name": "v",
            "when": "t0",
            "effect": self.number("zero", "factor", "exclude_from_rank"),
        }
        if veto["effect"] == "factor":
            veto["factor"] = self.number("0.8", "0.125")
        return {
            "category": "类",
            "full": write_number(total),
            "void": self.number("zero", "full", "average", "reweight"),
            "missing": self.number("zero", "average", "reweight"),
            "nodes": nodes,
            "bonus": bonus,
            "bonus_cap": self.number("1", "2"),
            "penalty": penalty,
            "veto": [veto],
        }

    def facts(self, count):
        """Return {unit: {field: (value text, status)}}."""
        return {f"u{number}": self.unit() for number in range(count)}

    def unit(self):
        figures = {}
        for name in FIELDS:
            figures[name] = self.status(
                self.number("0", "1", "2", "3", "7", "9", "60", "120", "0.5", "2.25", "33.3", "100")
            )
        for name in TRUTHS:
            figures[name] = self.status(self.number("0", "1"))
        for name in MARKS:
            figures[name] = self.status(self.number("A", "B", "C", "D"))
        figures["r0"] = self.status(self.number("0", "1.25", "7.5", "30", "29.995"))
        figures["c0"] = self.status(self.number("0", "1", "2", "5"))
        return figures

    def status(self, value):
        if self.draw.random() < 0.9:
            return value, "REPORTED"
        status = self.number("NOT_REPORTED", "REJECTED", "NOT_APPLICABLE", "PENDING")
        return None, status
