# ruff: noqa: N802, C901, PLR0915 - rules are named as in the JSON, and one long function is easier to audit
"""A slow second scorer: plain fractions, one unit at a time, written from the method page.

It reads the JSON of a scheme, so it shares no object, no rounding and no rule code with what it checks.
"""

import itertools
import math
from fractions import Fraction

MISSING_ORDER = ["REPORTED", "VOID", "PENDING", "NOT_REPORTED", "REJECTED", "NOT_APPLICABLE"]


def half_up(number):
    whole = math.floor(abs(number) + Fraction(1, 2))
    return -whole if number < 0 else whole


class Cohort:
    """Facts as {unit: {field: (value text, status)}}."""

    def __init__(self, facts, exempt=frozenset()):
        self.facts = facts
        self.exempt = exempt

    def get(self, unit, field):
        if unit in self.exempt:
            return Fraction(0), "NOT_APPLICABLE"
        value, status = self.facts[unit].get(field, (None, "NOT_REPORTED"))
        try:
            return Fraction(value) if value is not None else Fraction(0), status
        except ValueError:
            return value, status


def worst(*statuses):
    return max(statuses, key=MISSING_ORDER.index)


def num(value):
    return Fraction(str(value))


def measure(of, unit, cohort):
    if isinstance(of, str):
        return cohort.get(unit, of)
    kind = of["measure"]
    if kind == "Value":
        return cohort.get(unit, of["field"])
    if kind == "Ratio":
        (a, s), (b, t) = cohort.get(unit, of["num"]), cohort.get(unit, of["den"])
        status = worst(s, t)
        if b == 0:
            return Fraction(0), "VOID" if status == "REPORTED" else status
        return a / b * num(of.get("times", 1)), status
    if kind == "Growth":
        (a, s), (b, t) = cohort.get(unit, of["cur"]), cohort.get(unit, of["prev"])
        status = worst(s, t)
        if b <= 0:
            return Fraction(0), "VOID" if status == "REPORTED" else status
        return (a - b) / b * num(of.get("times", 100)), status
    if kind == "Difference":
        (a, s), (b, t) = cohort.get(unit, of["minuend"]), cohort.get(unit, of["subtrahend"])
        least = of.get("least")
        return (a - b if least is None else max(a - b, num(least))), worst(s, t)
    if kind == "Total":
        parts = [cohort.get(unit, name) for name in of["parts"]]
        total = sum(value for value, _ in parts)
        return total / (len(parts) if of.get("mean") else 1), worst(*(status for _, status in parts))
    raise KeyError(kind)


def condition(of, unit, cohort):
    kind = of["condition"]
    if kind == "Yes":
        value, status = cohort.get(unit, of["field"])
        return value != 0, status
    if kind == "Not":
        held, status = condition(of["part"], unit, cohort)
        return not held, status
    value, status = measure(of["of"], unit, cohort)
    if kind == "Compare":
        bound = num(of["bound"])
    else:
        mean, _ = average(of["of"], cohort)
        bound = mean * num(of.get("times", 1)) + num(of.get("plus", 0))
    held = {
        "at_least": value >= bound,
        "above": value > bound,
        "at_most": value <= bound,
        "below": value < bound,
    }
    return held[of["side"]], status


def values_of(of, cohort):
    read = {unit: measure(of, unit, cohort) for unit in cohort.facts}
    return {unit: value for unit, (value, status) in read.items() if status == "REPORTED"}


def average(of, cohort):
    values = values_of(of, cohort)
    return (sum(values.values()) / len(values) if values else Fraction(0)), len(values)


def kept(value, rule):
    if rule.get("floor") is not None:
        value = max(value, num(rule["floor"]))
    if rule.get("cap") is not None:
        value = min(value, num(rule["cap"]))
    return value


def points(rule, full, unit, cohort):
    """Return exact points and status of one rule for one unit."""
    mark = num(rule["full"]) if rule.get("full") is not None else full
    return globals()["rule_" + rule["rule"]](rule, mark, unit, cohort)


def rule_Linear(rule, full, unit, cohort):
    x, status = measure(rule["of"], unit, cohort)
    knots = [(num(a), num(b)) for a, b in rule["knots"]]
    if x < knots[0][0]:
        return num(rule["below"] if rule.get("below") is not None else knots[0][1]) * full, status
    if x > knots[-1][0]:
        return num(rule["above"] if rule.get("above") is not None else knots[-1][1]) * full, status
    for (a, p), (b, q) in itertools.pairwise(knots):
        if a <= x <= b:
            return (p + (q - p) * (x - a) / (b - a)) * full, status
    raise AssertionError


def rule_Tiers(rule, full, unit, cohort):
    x, status = measure(rule["of"], unit, cohort)
    levels = rule.get("points_each") or [num(share) * full for share in rule["shares"]]
    other = num(rule.get("otherwise", 0)) * (1 if rule.get("points_each") else full)
    bands = list(zip(map(num, rule["bounds"]), map(num, levels), strict=True))
    strict = rule.get("strict", False)
    if rule.get("descending"):
        for bound, level in bands:
            if x < bound or (x == bound and not strict):
                return level, status
        return other, status
    best = other
    for bound, level in bands:
        if x > bound or (x == bound and not strict):
            best = level
    return best, status


def start(rule, full):
    given = rule.get("start", "full")
    return full if given == "full" else num(given)


def rule_PerItem(rule, full, unit, cohort):
    read = {name: cohort.get(unit, name) for name in rule["items"]}
    total = start(rule, full) + sum(num(each) * read[name][0] for name, each in rule["items"].items())
    return kept(total, rule), worst(*(status for _, status in read.values()))


def rule_PerStep(rule, full, unit, cohort):
    x, status = measure(rule["of"], unit, cohort)
    return stepped(rule, full, x, num(rule["target"])), status


def stepped(rule, full, x, target):
    away = target - x if rule.get("side", "below") == "below" else x - target
    steps = max(away, Fraction(0)) / num(rule.get("step", 1))
    counting = rule.get("counting", "exact")
    if counting == "whole":
        steps = math.floor(steps)
    if counting == "started":
        steps = math.ceil(steps)
    return kept(start(rule, full) + steps * num(rule["per"]), rule)


def rule_Checklist(rule, full, unit, cohort):
    read = {name: cohort.get(unit, name) for name in rule["items"]}
    total = sum((num(each) for name, each in rule["items"].items() if read[name][0]), Fraction(0))
    return kept(total, rule), worst(*(status for _, status in read.values()))


def rule_Reviewed(rule, full, unit, cohort):
    return cohort.get(unit, rule["field"])


def rule_Imported(rule, full, unit, cohort):
    x, status = cohort.get(unit, rule["field"])
    return x * full / num(rule.get("out_of", 100)), status


def rule_RankPoints(rule, full, unit, cohort):
    values = values_of(rule["of"], cohort)
    if unit not in values:
        return Fraction(0), measure(rule["of"], unit, cohort)[1]
    if len(values) < 2:
        return Fraction(0), "VOID"
    sign = -1 if rule.get("lowest_first") else 1
    values = {each: sign * value for each, value in values.items()}
    if rule.get("only_above") is not None:
        values = {each: value for each, value in values.items() if value > sign * num(rule["only_above"])}
    if unit not in values:
        return Fraction(0), "REPORTED"
    place = 1 + sum(value > values[unit] for value in values.values())
    shares = [num(share) for share in rule.get("shares", [])]
    step, least = num(rule.get("step", "0.05")), num(rule.get("least", 0))
    if place <= len(shares):
        share = shares[place - 1]
    elif shares:
        share = shares[-1] - step * (place - len(shares))
    else:
        share = 1 - step * (place - 1)
    return max(share, least) * full, "REPORTED"


def rule_ProportionToBest(rule, full, unit, cohort):
    values = values_of(rule["of"], cohort)
    if unit not in values:
        return Fraction(0), measure(rule["of"], unit, cohort)[1]
    best = (min if rule.get("lowest_first") else max)(values.values())
    if len(values) < 2 or best <= 0:
        return Fraction(0), "VOID"
    if rule.get("lowest_first"):
        place = 1 + sum(value < values[unit] for value in values.values())
        share = best / values[unit]
    else:
        place = 1 + sum(value > values[unit] for value in values.values())
        share = max(values[unit], Fraction(0)) / best
    if rule.get("within") is not None and place > rule["within"]:
        share = Fraction(0)
    return share * full, "REPORTED"


def rule_RelativeToAverage(rule, full, unit, cohort):
    values = values_of(rule["of"], cohort)
    if unit not in values:
        return Fraction(0), measure(rule["of"], unit, cohort)[1]
    if len(values) < 2:
        return Fraction(0), "VOID"
    mean = average(rule["of"], cohort)[0] * num(rule.get("times", 1))
    x, target = values[unit], mean
    if rule.get("basis") == "percent":
        if mean <= 0:
            return Fraction(0), "VOID"
        x, target = x * 100 / mean, Fraction(100)
    return stepped(rule, full, x, target), "REPORTED"


def rule_Escalating(rule, full, unit, cohort):
    count, status = cohort.get(unit, rule["field"])
    losses = [full if loss == "full" else num(loss) for loss in rule["losses"]]
    return full - (losses[min(int(count), len(losses)) - 1] if count >= 1 else 0), status


def rule_BaseChange(rule, full, unit, cohort):
    x, status = measure(rule["of"], unit, cohort)
    base = num(rule["base"])
    if x >= 0:
        return base + min(x * num(rule["up"]), num(rule["up_cap"])), status
    return base - min(-x * num(rule["down"]), num(rule["down_cap"])), status


def rule_WithinTarget(rule, full, unit, cohort):
    x, status = measure(rule["of"], unit, cohort)
    target = num(rule["target"])
    return (full if x <= target else full * target / x), status


def rule_Grades(rule, full, unit, cohort):
    valid = [name for name in rule["judges"] if rule.get("alike") != "void" or not _is_alike(name, cohort)]
    read = [cohort.get(unit, name) for name in valid]
    scale = {mark: num(share) for mark, share in rule.get("scale", {}).items()}
    out_of = num(rule.get("out_of", 100))
    given = sorted(
        scale[value] if scale else value / out_of for value, status in read if status == "REPORTED"
    )
    if len(given) < rule.get("least", 1):
        status = worst(*(cohort.get(unit, name)[1] for name in rule["judges"]))
        return Fraction(0), "VOID" if status == "REPORTED" else status
    if len(given) > rule.get("trim_above", 5):
        given = given[1:-1]
    return full * sum(given) / len(given), "REPORTED"


def _is_alike(name, cohort):
    given = [
        value for value, status in (cohort.get(unit, name) for unit in cohort.facts) if status == "REPORTED"
    ]
    return len(given) > 1 and len(set(given)) == 1


def rule_RollUp(rule, full, unit, cohort):
    own, status = cohort.get(unit, rule["own"])
    below, other = measure({"measure": "Ratio", "num": rule["total"], "den": rule["count"]}, unit, cohort)
    cap = num(rule["cap"]) if rule.get("cap") is not None else full
    return min(own + below * num(rule.get("share", "0.5")), cap), worst(status, other)


def rule_Fixed(rule, full, unit, cohort):
    return num(rule.get("share", 1)) * full, "REPORTED"


def rule_Sum(rule, full, unit, cohort):
    parts = [points(part, full, unit, cohort) for part in rule["parts"]]
    return kept(sum(value for value, _ in parts), rule), worst(*(status for _, status in parts))


def rule_Worst(rule, full, unit, cohort):
    parts = [points(part, full, unit, cohort) for part in rule["parts"]]
    return min(value for value, _ in parts), worst(*(status for _, status in parts))


def rule_When(rule, full, unit, cohort):
    held, status = condition(rule["when"], unit, cohort)
    if status != "REPORTED":
        return Fraction(0), status
    return points(rule["then"] if held else rule["otherwise"], full, unit, cohort)


def rule_Clip(rule, full, unit, cohort):
    value, status = points(rule["of"], full, unit, cohort)
    return kept(value, rule), status


def rule_Multiply(rule, full, unit, cohort):
    value, status = points(rule["of"], full, unit, cohort)
    if rule.get("when") is None:
        return value * num(rule["factor"]), status
    held, other = condition(rule["when"], unit, cohort)
    return (value * num(rule["factor"]) if held else value), worst(status, other)


def score(table, facts, exempt=frozenset(), scale=100):
    """Return {unit: results in integer hundredths}."""
    leaves = [leaf for node in table["nodes"] for leaf in leaves_of(node)]
    settled = {leaf["code"]: settle(table, leaf, facts, exempt, scale) for leaf in leaves}
    result = {unit: unit_score(table, unit, facts, settled, scale) for unit in facts}
    for each in result.values():
        ahead = sum(other["ranked"] and other["total"] > each["total"] for other in result.values())
        each["rank"] = 1 + ahead if each["ranked"] else 0
    return result


def leaves_of(node):
    children = node.get("children", [])
    return [leaf for child in children for leaf in leaves_of(child)] if children else [node]


def settle(table, leaf, facts, exempt, scale):
    """Return {unit: (hundredths, is removed, is open)} of one leaf."""
    out = frozenset(unit for unit, code in exempt if code == leaf["code"])
    cohort, full = Cohort(facts, out), num(leaf["points"])
    raw = {unit: points(leaf["rule"], full, unit, cohort) for unit in facts}
    scored = {unit: half_up(value * scale) for unit, (value, status) in raw.items() if status == "REPORTED"}
    policies = {
        "NOT_REPORTED": leaf.get("missing") or table.get("missing", "zero"),
        "REJECTED": "zero",
        "NOT_APPLICABLE": leaf.get("not_applicable") or table.get("not_applicable", "reweight"),
        "VOID": leaf.get("void") or table.get("void") or "open",
        "PENDING": "open",
    }
    found = {}
    for unit, (_, status) in raw.items():
        if status == "REPORTED":
            found[unit] = (scored[unit], False, False)
            continue
        policy = policies[status]
        if policy == "average" and not scored:
            policy = "open"
        given = {"full": half_up(full * scale), "zero": 0, "reweight": 0, "open": 0}
        if policy == "average":
            given["average"] = half_up(Fraction(sum(scored.values()), len(scored)))
        found[unit] = (given[policy], policy == "reweight", policy == "open")
    return found


def unit_score(table, unit, facts, settled, scale):
    def branch(node):
        full = int(num(node["points"]) * scale)
        if not node.get("children"):
            value, removed, _ = settled[node["code"]][unit]
            return (0, 0) if removed else (value, full)
        return join([branch(child) for child in node["children"]], full)

    def join(parts, full):
        value, applicable = sum(part[0] for part in parts), sum(part[1] for part in parts)
        if 0 < applicable < full and applicable >= num(table.get("cover", "0.6")) * full:
            return half_up(Fraction(value * full, applicable)), full
        return value, applicable

    full = int(num(table.get("full", 100)) * scale)
    regular, _ = join([branch(node) for node in table["nodes"]], full)
    cohort = Cohort(facts)
    bonus = [adjustment(item, unit, cohort, scale, num(item["cap"])) for item in table.get("bonus", [])]
    extra = min(sum(bonus), int(num(table["bonus_cap"]) * scale)) if table.get("bonus_cap") else sum(bonus)
    by_matter = {}
    for place, item in enumerate(table.get("penalty", [])):
        given = adjustment(item, unit, cohort, scale, num(item["cap"]) if item.get("cap") else full)
        key = item.get("matter") or place
        by_matter[key] = min(by_matter.get(key, 0), given)
    taken = sum(by_matter.values())
    total = max(regular + extra + taken, 0)
    excluded = False
    for veto in table.get("veto", []):
        value, status = cohort.get(unit, veto["when"])
        if status == "REPORTED" and value:
            if veto["effect"] == "zero":
                total = 0
            if veto["effect"] == "factor":
                total = half_up(total * num(veto["factor"]))
            excluded |= veto["effect"] == "exclude_from_rank"
    leaf_full = {
        leaf["code"]: int(num(leaf["points"]) * scale) for node in table["nodes"] for leaf in leaves_of(node)
    }
    applicable = sum(leaf_full[code] for code, found in settled.items() if not found[unit][1])
    opened = any(found[unit][2] for found in settled.values())
    items = [*table.get("bonus", []), *table.get("penalty", [])]
    opened |= any(points(item["rule"], full, unit, cohort)[1] == "PENDING" for item in items)
    opened |= any(cohort.get(unit, veto["when"])[1] == "PENDING" for veto in table.get("veto", []))
    enough = applicable >= num(table.get("rank_cover", "0.8")) * full
    return {
        "leaves": {code: found[unit][0] for code, found in settled.items()},
        "regular": regular,
        "bonus": extra,
        "penalty": taken,
        "total": total,
        "ranked": enough and not opened and not excluded,
    }


def adjustment(item, unit, cohort, scale, cap):
    value, status = points(item["rule"], cap, unit, cohort)
    given = half_up(value * scale) if status == "REPORTED" else 0
    most = int(cap * scale)
    return max(-most, min(most, given))
