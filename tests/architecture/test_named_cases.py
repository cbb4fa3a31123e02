"""Every named case of bad input and every named fault has a test that carries its number in its name."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)
NUMBER = re.compile(r"(?<=_)([xf])(\d+)(?:_to_\1(\d+))?(?=_|$)")
CASES = {f"X{number:02d}" for number in range(1, 93)}
# Which test shows a fault for which act.
FAULTS = {
    "F0": {
        "submission": "test_f0_submitting",
        "return": "test_f0_returning",
        "import": "test_f0_taking_over_and_submitting_is_all_or_nothing",
        "long import": "test_f0_f2_killed_at_every_statement_nothing_comes_twice_and_nothing_is_lost",
    },
    "F1": {
        "submission": "test_f1_what_was_submitted_signed_and_returned_before_the_kill_is_there_once",
        "return": "test_f1_what_was_submitted_signed_and_returned_before_the_kill_is_there_once",
        "import": "test_f1_f2_killed_while_checking_and_while_taking_over",
    },
    "F2": {"long import": "test_f0_f2_killed_at_every_statement_nothing_comes_twice_and_nothing_is_lost"},
    "F9": {
        "submission": "test_f9_twenty_presses_submit_sign_and_return_once",
        "return": "test_f9_twenty_presses_submit_sign_and_return_once",
        "import": "test_f9_twenty_presses_take_a_workbook_over_once",
        "upload": "test_f9_an_upload_pressed_twice_is_one_preview",
        "long import": "test_f9_f11_old_figures_pressed_twice_are_one_file",
    },
    "F10": {"all": "test_f9_f10_f11_the_same_press_has_one_outcome_whenever_it_comes_again"},
    "F11": {"all": "test_f9_f10_f11_the_same_press_has_one_outcome_whenever_it_comes_again"},
    "F12": {
        "submission": "test_f12_two_heads_sign_at_once_and_the_other_is_told",
        "return": "test_f12_accepting_and_returning_at_once_has_one_outcome_and_the_other_is_told",
        "import": "test_f12_f13_of_twenty_people_with_one_workbook_one_wins_and_the_draft_stays",
    },
    "F13": {
        "submission": "test_f13_of_twenty_people_in_one_cell_one_wins_each_version",
        "return": "test_f13_of_twenty_people_mending_a_returned_cell_one_wins",
        "import": "test_f12_f13_of_twenty_people_with_one_workbook_one_wins_and_the_draft_stays",
    },
    "F21": {
        "submission": "test_f21_a_millisecond_around_the_deadline_decides_at_the_page",
        "return": "test_f21_a_returned_report_keeps_its_first_arrival_whenever_it_comes_again",
        "import": "test_f21_a_workbook_brought_before_the_deadline_is_taken_over_after_it",
    },
}


def numbered() -> dict[str, set[str]]:
    """Return the tests by the numbers in their names: X07, F21; `x54_to_x66` counts for all between."""
    found: dict[str, set[str]] = defaultdict(set)
    for file in (*ROOT.glob("src/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")):
        for name in TEST.findall(file.read_text(encoding="utf-8")):
            for kind, first, last in NUMBER.findall(name):
                for number in range(int(first), int(last or first) + 1):
                    key = f"X{number:02d}" if kind == "x" else f"F{number}"
                    found[key].add(name)
    return found


def test_every_named_case_has_a_test() -> None:
    missing = CASES - set(numbered())
    assert not missing, sorted(missing)


def test_every_named_fault_has_its_tests() -> None:
    tests = numbered()
    missing = [
        (fault, act, name)
        for fault, acts in FAULTS.items()
        for act, name in acts.items()
        if name not in tests[fault]
    ]
    assert not missing
