"""Filter, sort and page from the address."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from changai.foundation.notices.models import Notice
from changai.foundation.ui.listing import Listing

ROWS = [
    {"name": f"第{n}区", "done": None if n == 3 else n % 5, "state": "done" if n % 2 else "none"}
    for n in range(1, 31)
]


def listing(address: str, **changed) -> Listing:
    filters = {"state": lambda rows, text: [row for row in rows if row["state"] == text]}
    given = {"sorts": {"done": "done", "name": "name"}, "filters": filters, "size": 20} | changed
    return Listing(QueryDict(address), ROWS, **given)


def test_rows_keep_their_order_until_asked_otherwise():
    shown = listing("")
    assert [row["name"] for row in shown][:2] == ["第1区", "第2区"]
    assert (len(shown), shown.count, shown.page.paginator.num_pages) == (20, 30, 2)


def test_filter_sort_and_page_work_together():
    shown = listing("state=done&sort=-done&page=1")
    assert shown.chosen == {"state": "done"}
    assert shown.count == 15
    assert [row["done"] for row in shown][:4] == [None, 4, 4, 4]


def test_absent_values_come_last_in_ascending_order():
    assert list(listing("sort=done&page=2"))[-1]["done"] is None


@pytest.mark.parametrize("address", ["page=x", "page=-3", "page=999", "sort=secret", "size=100000", "state="])
def test_an_address_that_is_not_understood_is_ignored(address):
    shown = listing(address)
    assert shown.count == 30
    assert 1 <= len(shown) <= 20


def test_page_size_is_one_of_the_offered_ones():
    assert len(listing("size=50")) == 30
    assert listing("size=200").size == 200
    assert listing("size=201").size == 20


@pytest.mark.django_db
def test_a_queryset_is_sorted_by_the_database_and_ends_with_its_key():
    now = timezone.now()
    for sentence in ("乙", "甲", "甲"):
        Notice.objects.create(sentence=sentence, created_at=now)
    rows = Notice.objects.all()
    shown = Listing(QueryDict("sort=-words"), rows, sorts={"words": "sentence"}, default="words")
    assert shown.rows.query.order_by == ("-sentence", "pk")
    assert shown.sort == "-words"
    assert Listing(QueryDict(""), rows, sorts={"words": "sentence"}, default="words").sort == "words"


@pytest.mark.django_db
def test_a_field_with_a_plus_stays_ascending_when_the_order_is_turned_round():
    sorts = {"sentence": ("sentence", "+created_at")}
    shown = Listing(QueryDict("sort=-sentence"), Notice.objects.all(), sorts=sorts)
    assert shown.rows.query.order_by == ("-sentence", "created_at", "pk")
