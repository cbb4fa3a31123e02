"""Who moves when a figure is corrected: values, places among the units of one kind, and sums above."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

MORE, LESS = "more", "less"


@dataclass(frozen=True)
class Standing:
    """One unit in a picture of a figure: its value, and the kind of units it is compared with."""

    name: str
    kind: str
    value: Decimal


@dataclass(frozen=True)
class Picture:
    """One figure of one month over all units: what each reported, and the sums (label, unit) -> (name, sum)."""

    values: Mapping[int, Standing]
    sums: Mapping[tuple[str, int], tuple[str, Decimal]]


@dataclass(frozen=True)
class Moved:
    """What moved: a unit's own figure or place, or a sum. Values as written, places None where there is none."""

    unit_id: int
    unit_name: str
    what: str
    old: str
    new: str
    old_place: int | None = None
    new_place: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return the row as JSON values."""
        return asdict(self)


def places(values: Mapping[int, Standing], direction: str) -> dict[int, int]:
    """Return everybody's place among the units of the same kind; equal values share the better place.

    Where more is not better than less, and less not than more, nobody has a place.
    """
    if direction not in {MORE, LESS}:
        return {}
    sign = -1 if direction == MORE else 1
    found = {}
    for unit_id, one in values.items():
        rivals = [other.value for other in values.values() if other.kind == one.kind]
        found[unit_id] = 1 + sum(sign * rival < sign * one.value for rival in rivals)
    return found


def who_moved(before: Picture, after: Picture, direction: str) -> list[Moved]:
    """Return every unit whose value or place is another, then every sum that is another."""
    return [*_units_moved(before, after, direction), *_sums_moved(before, after)]


def _units_moved(before: Picture, after: Picture, direction: str) -> Iterator[Moved]:
    old_places, new_places = places(before.values, direction), places(after.values, direction)
    for unit_id in sorted({*before.values, *after.values}):
        old, new = before.values.get(unit_id), after.values.get(unit_id)
        told = new or old
        was, now = _written(old), _written(new)
        if told is not None and (was != now or old_places.get(unit_id) != new_places.get(unit_id)):
            yield Moved(
                unit_id, told.name, "本单位", was, now, old_places.get(unit_id), new_places.get(unit_id)
            )


def _sums_moved(before: Picture, after: Picture) -> Iterator[Moved]:
    keys: Sequence[tuple[str, int]] = sorted({*before.sums, *after.sums})
    for label, unit_id in keys:
        name, _sum = after.sums.get((label, unit_id)) or before.sums[label, unit_id]
        old, new = before.sums.get((label, unit_id)), after.sums.get((label, unit_id))
        if (old and old[1]) != (new and new[1]):
            yield Moved(unit_id, name, label, _plain(old and old[1]), _plain(new and new[1]))


def _written(standing: Standing | None) -> str:
    return _plain(None if standing is None else standing.value)


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value.normalize():f}" if value else "0"
