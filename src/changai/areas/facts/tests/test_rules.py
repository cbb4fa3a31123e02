from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from changai.areas.facts.rules import FactInput, Gathered, MonthFigure, differs, gather, range_fault

FIGURES = st.lists(
    st.one_of(
        st.builds(MonthFigure, st.integers(1, 99), st.decimals(0, 99, places=2), st.just("REPORTED")),
        st.builds(
            MonthFigure, st.integers(1, 99), st.none(), st.sampled_from(["NOT_REPORTED", "NOT_APPLICABLE"])
        ),
    )
)


def month(fact_id: int, value: int | None, status: str = "") -> MonthFigure:
    exact = None if value is None else Decimal(value)
    return MonthFigure(fact_id, exact, status or ("REPORTED" if value is not None else "NOT_REPORTED"))


def test_sum_adds_the_reported_months_and_names_them() -> None:
    whole = gather("sum", [month(1, 3), month(2, None), month(3, 4)])

    assert whole == Gathered(Decimal(7), "REPORTED", (1, 3))


def test_last_takes_the_last_reported_month() -> None:
    assert gather("last", [month(1, 3), month(2, 4), month(3, None)]) == Gathered(
        Decimal(4), "REPORTED", (2,)
    )


def test_without_a_report_the_whole_is_not_reported_unless_every_month_was_exempt() -> None:
    exempt = month(1, None, "NOT_APPLICABLE")

    assert gather("sum", [exempt, exempt]).status == "NOT_APPLICABLE"
    assert gather("sum", [exempt, month(2, None)]).status == "NOT_REPORTED"
    assert gather("last", []) == Gathered(None, "NOT_REPORTED", ())


@given(FIGURES, st.sampled_from(["sum", "last"]))
def test_a_value_stands_exactly_when_the_whole_is_reported(
    figures: list[MonthFigure], gathering: str
) -> None:
    whole = gather(gathering, figures)

    assert (whole.value is not None) == (whole.status == "REPORTED")
    assert set(whole.fact_ids) <= {figure.fact_id for figure in figures}


def test_an_input_is_sound_when_value_and_status_agree() -> None:
    assert FactInput(1, Decimal(3)).is_sound
    assert FactInput(1, None, "NOT_REPORTED").is_sound
    assert not FactInput(1, None).is_sound
    assert not FactInput(1, Decimal(3), "NOT_REPORTED").is_sound


def test_the_same_figure_written_otherwise_is_no_news() -> None:
    assert not differs(Decimal("5.0000"), "REPORTED", FactInput(1, Decimal(5)))
    assert differs(Decimal(5), "REPORTED", FactInput(1, Decimal(6)))
    assert differs(None, "NOT_REPORTED", FactInput(1, None, "NOT_APPLICABLE"))


def test_a_range_runs_upwards() -> None:
    assert range_fault(Decimal(1), Decimal(0)) == "最小值不能大于最大值。"
    assert range_fault(None, Decimal(0)) == ""
    assert range_fault(Decimal(0), Decimal(0)) == ""
