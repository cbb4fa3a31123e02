"""Fonts this machine can print Chinese with, by the part they play in an official paper.

None is bundled. The faces the standard names are licensed and belong to the office: put them into the fonts
folder and they are taken first. Without them free ones stand in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import typst

from changai.core.errors import Unavailable


class FontsMissing(Unavailable):
    """No Chinese font is installed; printing would give empty boxes."""

    code = "fonts_missing"


class Role(StrEnum):
    """What a face is used for in a paper."""

    XIAOBIAOSONG = "xiaobiaosong"
    FANGSONG = "fangsong"
    KAITI = "kaiti"
    HEITI = "heiti"
    SONGTI = "songti"
    CHART = "chart"


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file; `index` counts inside collections (.ttc)."""

    family: str
    weight: int
    path: Path
    index: int


_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC")
# Best first. A family after the first also fills characters the ones before it lack (堃喆镕垚 in names).
_PREFERENCES: dict[Role, tuple[str, ...]] = {
    Role.XIAOBIAOSONG: (
        "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", *_SERIF, "FandolSong", *_SANS,
    ),
    Role.FANGSONG: (
        "FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R", "FandolFang",
        *_SERIF, *_SANS,
    ),
    Role.KAITI: (
        "KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai", "LXGW WenKai",
        "AR PL UKai CN", *_SERIF, *_SANS,
    ),
    Role.HEITI: ("SimHei", "黑体", "STHeiti", *_SANS, "FandolHei", "WenQuanYi Zen Hei", *_SERIF),
    # A chart is drawn with one face only, so the one with the most characters comes first.
    Role.CHART: (*_SANS, *_SERIF, "SimHei", "黑体", "SimSun", "WenQuanYi Zen Hei", "FandolHei"),
    Role.SONGTI: ("SimSun", "宋体", "STSong", *_SERIF, "FandolSong", "AR PL UMing CN", *_SANS),
}  # fmt: skip
SUBSTITUTE_MARK = "〓"
# Debian's TeX packages keep the one free 仿宋 where the system does not look.
_TEX_FOLDER = Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")


@lru_cache(maxsize=8)
def installed_faces(font_paths: tuple[Path, ...] = ()) -> tuple[Face, ...]:
    """Return the faces in the office's folders, then those of the system."""
    office = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(path) for path in font_paths],
    )
    system = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    found = [*office.fonts(), *system.fonts()]
    return tuple(Face(f.family, f.weight, Path(f.path), f.index) for f in found if f.path)


def _folders(font_paths: tuple[Path, ...]) -> list[str]:
    return [str(path) for path in (*font_paths, _TEX_FOLDER) if path.is_dir()]


@lru_cache(maxsize=8)
def setter_fonts(font_paths: tuple[Path, ...] = ()) -> typst.Fonts:
    """Return the same fonts as the PDF setter takes them, found once."""
    return typst.Fonts(include_embedded_fonts=False, font_paths=_folders(font_paths))


def families(role: Role, font_paths: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Return the installed families for the role, best first; later ones fill what earlier ones lack.

    :raises FontsMissing: when none is installed.
    """
    installed = {face.family for face in installed_faces(font_paths)}
    present = tuple(family for family in _PREFERENCES[role] if family in installed)
    if not present:
        raise FontsMissing(
            "服务器上没有可用的中文字体，无法生成PDF和图表。请系统管理员安装Debian软件包fonts-noto-cjk，"
            "或将本单位的字体文件放入字体目录后重试。"
        )
    return present


def face(role: Role, *, bold: bool = False, font_paths: tuple[Path, ...] = ()) -> Face:
    """Return the face to draw the role with: the best family's, nearest to bold (700) or regular (400).

    :raises FontsMissing: when none is installed.
    """
    family = families(role, font_paths)[0]
    wanted = 700 if bold else 400
    candidates = [face for face in installed_faces(font_paths) if face.family == family]
    return min(candidates, key=lambda face: abs(face.weight - wanted))


def without_gaps(text: str, font_paths: tuple[Path, ...] = ()) -> str:
    """Return `text` with the characters no installed Chinese font has (emoji) replaced by 〓, as printers do.

    :raises FontsMissing: when none is installed.
    """
    missing = {char for char in set(text) if char not in "\n " and not _is_covered(char, font_paths)}
    return text.translate({ord(char): SUBSTITUTE_MARK for char in missing}) if missing else text


@lru_cache(maxsize=65536)
def _is_covered(char: str, font_paths: tuple[Path, ...]) -> bool:
    return any(ord(char) in codes for codes in _coverage(font_paths))


@lru_cache(maxsize=8)
def _coverage(font_paths: tuple[Path, ...]) -> tuple[frozenset[int], ...]:
    """Return the characters of every family that all papers can fall back to."""
    from matplotlib.ft2font import FT2Font  # heavy

    shared = [family for family in families(Role.FANGSONG, font_paths) if family in _SERIF + _SANS]
    names: Iterable[str] = shared or families(Role.FANGSONG, font_paths)
    faces = {name: next(f for f in installed_faces(font_paths) if f.family == name) for name in names}
    return tuple(frozenset(FT2Font(f.path, face_index=f.index).get_charmap()) for f in faces.values())
