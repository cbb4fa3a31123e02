"""A city of six counties with figures for two months, and the indicator system they are assessed by.

示东县 has 49 % certified and so 24 of 40 points; with the 6 certificates that were forgotten it has 52 % and 32 points.
"""

from datetime import date

from changai.core.periods import Month

UNITS = [
    ("M01", "市人力资源和社会保障局", "市人社局", "member", "S00"),
    ("C01", "示东县", "示东县", "county", "S00"),
    ("C02", "示西县", "示西县", "county", "S00"),
    ("C03", "示南县", "示南县", "county", "S00"),
    ("C04", "示北县", "示北县", "county", "S00"),
    ("C05", "示河县", "示河县", "county", "S00"),
    ("C06", "示山县", "示山县", "county", "S00"),
]
FIELDS = ("training_persons", "training_certified", "contract_due", "contract_signed", "stations_new")


def _figures(certified: int, signed: int, stations: int) -> tuple[dict[str, int], dict[str, int]]:
    """Return two months of a county that trained 100 people in each, and should have 100 contracts."""
    first = {
        "training_persons": 100,
        "training_certified": certified // 2,
        "contract_due": 100,
        "contract_signed": signed - 5,
        "stations_new": 1,
    }
    second = first | {
        "training_certified": certified - certified // 2,
        "contract_signed": signed,
        "stations_new": stations - 1,
    }
    return first, second


FIGURES = {
    "C01": _figures(98, 90, 5),
    "C02": _figures(120, 95, 5),
    "C03": _figures(100, 90, 4),
    "C04": _figures(110, 80, 5),
    "C05": _figures(80, 70, 3),
    "C06": _figures(130, 60, 1),
}
INDICATORS_TITLE = "示范市县区产改评价考核指标体系"


def months(today: date) -> tuple[Month, Month]:
    """Return the two months before today's."""
    return Month.of(today).plus(-2), Month.of(today).plus(-1)
