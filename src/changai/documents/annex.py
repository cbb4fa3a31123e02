"""The content of an annex (附件), landscape: a title, tables whose cells may reach over several rows, a signature."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "center"]

SHEET_MM = (297.0, 210.0)
MARGIN_MM = {"top": 26.0, "right": 20.0, "bottom": 24.0, "left": 20.0}
BLOCK_WIDTH_MM = SHEET_MM[0] - MARGIN_MM["left"] - MARGIN_MM["right"]


@dataclass(frozen=True, slots=True)
class AnnexColumn:
    """A column: its title, its width relative to the others, and how its cells stand."""

    title: str
    width: float = 1.0
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class AnnexCell:
    """A cell that reaches over `rows` rows and `columns` columns, itself included."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """A table. A row holds the cells that begin in it, in the order of the columns; `note` stands below."""

    caption: str
    columns: tuple[AnnexColumn, ...]
    rows: tuple[tuple[AnnexCell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        """:raises ValueError: when the cells of a row and those reaching into it do not fill the columns."""
        placed_cells(self)

    def widths_mm(self) -> tuple[float, ...]:
        """Return the width of each column; together they fill the block."""
        whole = sum(column.width for column in self.columns)
        return tuple(BLOCK_WIDTH_MM * column.width / whole for column in self.columns)


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex. `label` is 附件 or 附件1 above the title; a line end in the title is its break."""

    label: str
    title: str
    paragraphs: tuple[str, ...]
    tables: tuple[AnnexTable, ...]
    issuer: str
    made_on: date


def placed_cells(table: AnnexTable) -> list[list[AnnexCell | None]]:
    """Return a grid, a list for each row: a cell where it begins, None where one reaches into from above.

    Columns that a cell covers beside its first are left out.

    :raises ValueError: when a row is not filled exactly
    """
    reaching: dict[int, int] = {}
    grid: list[list[AnnexCell | None]] = []
    widths: dict[int, int] = {}
    for number, row in enumerate(table.rows, start=1):
        given, column = list(row), 0
        line: list[AnnexCell | None] = []
        while column < len(table.columns):
            if reaching.get(column, 0):
                reaching[column] -= 1
                line.append(None)
                column += widths[column]
                continue
            if not given:
                raise ValueError(f"row {number} is not filled")
            cell = given.pop(0)
            line.append(cell)
            reaching[column], widths[column] = cell.rows - 1, cell.columns
            column += cell.columns
        if given or column != len(table.columns):
            raise ValueError(f"row {number} has too many cells")
        grid.append(line)
    return grid
