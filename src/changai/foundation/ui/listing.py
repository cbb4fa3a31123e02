"""One way to filter, sort and page a list from the address, for every list page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property

PAGE_SIZES = (20, 50, 100, 200)
Rows = QuerySet[Any] | Sequence[Any]
Filter = Callable[[Any, str], Any]


class Listing:
    """Rows of a list page, narrowed, ordered and cut as the address says; iterating gives those of the page.

    `sorts` maps the names people may sort by to the fields they stand for (`{"due": "due_on"}`, or a tuple
    of fields); the order always ends with `pk`. For a plain list the field is an attribute or a key. A field with `+`
    before it stays ascending when people turn the order round: months latest first, within them units in their order.
    `filters` maps a parameter to `(rows, text) -> rows` and is asked only when the text is not empty.
    `default` is a sort name, with `-` before it for descending.

    Anything in the address that is not understood is ignored: a mistyped page shows the nearest one.
    """

    def __init__(
        self,
        parameters: QueryDict,
        rows: Rows,
        *,
        sorts: Mapping[str, str | tuple[str, ...]] | None = None,
        default: str = "",
        filters: Mapping[str, Filter] | None = None,
        size: int = 50,
    ) -> None:
        self.parameters = parameters
        self.sorts = sorts or {}
        self.filters = filters or {}
        self.default = default
        self._rows = rows
        self._size = size

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The filters in force, by parameter; empty ones are left out."""
        # PostgreSQL takes no NUL in a text, not even to compare with.
        written = {name: self.parameters.get(name, "").replace("\0", "").strip() for name in self.filters}
        return {name: text for name, text in written.items() if text}

    @cached_property
    def sort(self) -> str:
        """The sort in force, such as `-due`; empty when the rows keep their own order."""
        asked = self.parameters.get("sort", "")
        return asked if asked.removeprefix("-") in self.sorts else self.default

    @cached_property
    def rows(self) -> Rows:
        """All rows after filtering and sorting, not cut into pages: what an export of this list holds."""
        rows = self._rows
        for name, text in self.chosen.items():
            rows = self.filters[name](rows, text)
        return self._ordered(rows)

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for, or the nearest there is."""
        return Paginator(self.rows, self.size).get_page(self.parameters.get("page"))

    @property
    def size(self) -> int:
        """Rows a page, at most 200."""
        asked = self.parameters.get("size", "")
        return int(asked) if asked in {str(size) for size in PAGE_SIZES} else self._size

    @property
    def count(self) -> int:
        return self.page.paginator.count

    def __iter__(self) -> Any:
        return iter(self.page)

    def __len__(self) -> int:
        return len(self.page)

    def _ordered(self, rows: Rows) -> Rows:
        if not self.sort:
            return rows
        sign = "-" if self.sort.startswith("-") else ""
        named = self.sorts[self.sort.removeprefix("-")]
        fields = (named,) if isinstance(named, str) else named
        if isinstance(rows, QuerySet):
            return rows.order_by(*(field[1:] if field[0] == "+" else sign + field for field in fields), "pk")
        return sorted(rows, key=lambda row: _place(row, fields), reverse=bool(sign))


def _place(row: Any, fields: tuple[str, ...]) -> tuple[tuple[bool, Any], ...]:
    """Return what a row of a plain list is ordered by; absent values come last in ascending order."""
    values = [row[field] if isinstance(row, Mapping) else getattr(row, field) for field in fields]
    return tuple((value is None, 0 if value is None else value) for value in values)
