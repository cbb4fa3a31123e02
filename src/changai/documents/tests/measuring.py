"""Measures rendered pages in millimetres."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from changai.documents import layout

MM_PER_PT = 25.4 / 72
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None or shutil.which("pdftoppm") is None,
    reason="poppler-utils (pdftotext, pdftoppm) is not installed: pages are not measured",
)


@dataclass(frozen=True)
class Line:
    """A line of a page; edges in mm from the sheet's left top corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def lines_of(pdf: Path, page: int) -> list[Line]:
    """Return the lines of the page from top to bottom; words side by side are one line."""
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(pdf), "-"]
    shown = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    pattern = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>'
    words = [
        Line(*(float(edge) * MM_PER_PT for edge in found[:4]), unescape(found[4]))
        for found in re.findall(pattern, shown)
    ]
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: (round(word.top), word.left)):
        if lines and abs(lines[-1].top - word.top) < 1:
            last = lines[-1]
            lines[-1] = Line(
                min(last.left, word.left),
                last.top,
                max(last.right, word.right),
                last.bottom,
                last.text + word.text,
            )
        else:
            lines.append(word)
    return lines


def widest_gap(pdf: Path, page: int, size_pt: float) -> float:
    """Return the widest gap between two characters of a line of the block, as a share of their size."""
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(pdf), "-"]
    shown = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    found = re.findall(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)"', shown)
    words = sorted((round(float(top)), float(left), float(right)) for left, top, right in found)
    block = [
        word for word in words if word[0] * MM_PER_PT < layout.MARGIN_TOP_MM + layout.BLOCK_HEIGHT_MM - 5
    ]
    gaps = (after[1] - word[2] for word, after in pairwise(block) if word[0] == after[0])
    return max(0.0, *gaps, 0.0) / size_pt


def pixels(pdf: Path, page: int, *, top: int = 0, bottom: int = 297) -> np.ndarray:
    """Return the page between two heights in mm as height x width x RGB, ten pixels to the millimetre."""
    part = ["-x", "0", "-W", "2100", "-y", str(top * 10), "-H", str((bottom - top) * 10)]
    command = ["pdftoppm", "-r", "254", "-f", str(page), "-l", str(page), *part, str(pdf)]
    shown = subprocess.run(command, capture_output=True, check=True).stdout
    _, size, _, raw = shown.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(raw, np.uint8).reshape(height, width, 3).astype(int)


def page_number_edges(pdf: Path, page: int) -> tuple[float, float, float]:
    """Return left and right edge of the page number and the top of its first dash, in mm."""
    foot = pixels(pdf, page, top=264, bottom=290).sum(axis=2) < 380
    columns = np.flatnonzero(foot.any(axis=0))
    dash = np.flatnonzero(foot[:, columns[0] : columns[0] + 25].any(axis=1))
    return columns[0] / 10, (columns[-1] + 1) / 10, (dash[0] + 2640) / 10


def red_rule(pdf: Path) -> tuple[float, float, float]:
    """Return top, left and right of the red rule of page one, in mm."""
    image = pixels(pdf, 1, top=80, bottom=120)
    red = (image[..., 0] > 200) & (image[..., 1] < 100) & (image[..., 2] < 100)
    row = np.flatnonzero(red.sum(axis=1) > 1400)[0]
    columns = np.flatnonzero(red[row])
    return row / 10 + 80, columns[0] / 10, (columns[-1] + 1) / 10


def black_rules(pdf: Path, page: int, *, top: int = 200) -> list[float]:
    """Return the middles of the rules over the whole block's width below `top`, in mm from the sheet's top."""
    rows = np.flatnonzero((pixels(pdf, page, top=top).sum(axis=2) < 450).sum(axis=1) > 1500)
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
    return [float(group.mean() + 0.5) / 10 + top for group in groups if len(group)]


# Without these aliases LibreOffice sets the standard's faces in a Japanese one.
_ALIASES = {
    layout.XIAOBIAOSONG: "Noto Serif CJK SC",
    layout.FANGSONG: "Noto Serif CJK SC",
    layout.KAITI: "Noto Serif CJK SC",
    layout.SONGTI: "Noto Serif CJK SC",
    layout.LATIN: "Noto Serif CJK SC",
    layout.HEITI: "Noto Sans CJK SC",
}


def _font_settings(folder: Path) -> Path:
    """Return a settings file that sets the standard's faces in free ones."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{free}</family></prefer></alias>'
        for name, free in _ALIASES.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>'
    )
    return path


def set_by_office(files: Sequence[Path], folder: Path) -> None:
    """Let LibreOffice make a PDF of each .docx, all in one run; `folder` takes them, and the run's own profile."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(_font_settings(folder)), "HOME": str(folder)}
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, files)],
        env=environment,
        check=True,
        capture_output=True,
        timeout=120,
    )
