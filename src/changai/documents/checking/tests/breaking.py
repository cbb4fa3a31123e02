"""Breaks one thing in a .docx: each function changes one property of one paragraph and nothing else."""

import copy
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from changai.documents.docx.elements import NAMESPACES, node, qualified, valued


@dataclass
class Parts:
    """The parts of a .docx, as trees where one was asked for."""

    held: dict[str, bytes]
    trees: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, source: bytes) -> "Parts":
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def tree(self, name: str = "document") -> Any:
        path = f"word/{name}.xml"
        if path not in self.trees:
            self.trees[path] = etree.fromstring(self.held[path])
        return self.trees[path]

    def written(self) -> bytes:
        made = io.BytesIO()
        parts = self.held | {name: etree.tostring(tree) for name, tree in self.trees.items()}
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return made.getvalue()

    def line(self, begins: str, part: str = "document") -> Any:
        """Return the first paragraph whose text begins so; $ stands for the end of its text."""
        for paragraph in self.tree(part).iter(qualified("w:p")):
            if f"{text_of(paragraph)}$".startswith(begins):
                return paragraph
        raise LookupError(begins)


Change = Callable[[Parts], None]


def broken(source: bytes, change: Change) -> bytes:
    """Return the .docx after the change."""
    parts = Parts.of(source)
    change(parts)
    return parts.written()


def text_of(paragraph: Any) -> str:
    """Return the paragraph's own text, without tabs and without that of a box hanging on it."""
    return "".join(text.text or "" for text in paragraph.findall("w:r/w:t", NAMESPACES))


def properties(paragraph: Any, tag: str) -> Any:
    """Return the property of the paragraph, made where it is missing."""
    own = paragraph.find(qualified("w:pPr"))
    found = own.find(qualified(f"w:{tag}"))
    if found is None:
        found = node(f"w:{tag}")
        own.append(found)
    return found


def runs(paragraph: Any) -> list[Any]:
    return [
        each for each in paragraph.iterchildren(qualified("w:r")) if each.find(qualified("w:t")) is not None
    ]


def set_run(run: Any, *given: Any) -> None:
    own = run.find(qualified("w:rPr"))
    if own is None:
        own = node("w:rPr")
        run.insert(0, own)
    for each in given:
        old = own.find(each.tag)
        if old is not None:
            own.remove(old)
        own.append(each)


def half(paragraph: Any) -> Any:
    """Return the second half of the paragraph's longest run, cut off into a run of its own."""
    first = max(runs(paragraph), key=lambda each: len(each.find(qualified("w:t")).text or ""))
    second = copy.deepcopy(first)
    first.addnext(second)
    texts = first.findall(qualified("w:t"))
    words = texts[0].text
    for extra in list(second)[1 if second.find(qualified("w:rPr")) is not None else 0 :]:
        if extra is not second.find(qualified("w:t")):
            second.remove(extra)
    if len(texts) > 1:
        second.find(qualified("w:t")).text = texts[-1].text
        for extra in [*first.findall(qualified("w:br")), *texts[1:]]:
            first.remove(extra)
        second.insert(1 if second.find(qualified("w:rPr")) is not None else 0, node("w:br"))
        return second
    texts[0].text, second.find(qualified("w:t")).text = words[: len(words) // 2], words[len(words) // 2 :]
    return second


def face(name: str) -> Any:
    return node("w:rFonts", {"w:eastAsia": name, "w:ascii": name, "w:hAnsi": name})


def in_run_all(begins: str, given: Any, part: str = "document") -> Change:
    """Set a property of every run of the paragraph."""

    def change(parts: Parts) -> None:
        for each in runs(parts.line(begins, part)):
            set_run(each, copy.deepcopy(given))

    return change


def in_face(begins: str, name: str, part: str = "document") -> Change:
    return in_run_all(begins, face(name), part)


def in_size(begins: str, half_points: int, part: str = "document") -> Change:
    return in_run_all(begins, valued("w:sz", half_points), part)


def in_colour(begins: str, colour: str, part: str = "document") -> Change:
    return in_run_all(begins, valued("w:color", colour), part)


def aligned(begins: str, side: str, part: str = "document") -> Change:
    return lambda parts: properties(parts.line(begins, part), "jc").set(qualified("w:val"), side)


def moved(begins: str, part: str = "document", **indents: int) -> Change:
    """Set indents of the paragraph, in twentieths of a point."""

    def change(parts: Parts) -> None:
        for name, size in indents.items():
            properties(parts.line(begins, part), "ind").set(qualified(f"w:{name}"), str(size))

    return change


def spaced(begins: str, part: str = "document", **given: int | str) -> Change:
    def change(parts: Parts) -> None:
        for name, size in given.items():
            properties(parts.line(begins, part), "spacing").set(qualified(f"w:{name}"), str(size))

    return change


def in_run(words: str, *given: Any, part: str = "document") -> Change:
    """Set properties of the one run that holds the words."""

    def change(parts: Parts) -> None:
        for each in parts.tree(part).iter(qualified("w:r")):
            if words in "".join(text.text or "" for text in each.iter(qualified("w:t"))):
                set_run(each, *map(copy.deepcopy, given))
                return
        raise LookupError(words)

    return change


def half_of(begins: str, *given: Any, part: str = "document") -> Change:
    """Set properties of the second half of the paragraph's longest run."""
    return lambda parts: set_run(half(parts.line(begins, part)), *map(copy.deepcopy, given))


def swapped_tab(begins: str, blanks: str) -> Change:
    """Put blanks where the paragraph has a tab."""

    def change(parts: Parts) -> None:
        line = parts.line(begins)
        tab = line.findall(f".//{qualified('w:tab')}")[-1]
        run = tab.getparent()
        run.remove(tab)
        text = node("w:t")
        text.text = blanks
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)

    return change


def added_below(begins: str, words: str, style: str = "GwBody") -> Change:
    """Put a paragraph below the one that begins so."""

    def change(parts: Parts) -> None:
        text = node("w:t")
        text.text = words
        own = node("w:pPr", None, valued("w:pStyle", style))
        parts.line(begins).addnext(node("w:p", None, own, node("w:r", None, text)))

    return change


def flush_left(begins: str) -> Change:
    def change(parts: Parts) -> None:
        line = parts.line(begins)
        properties(line, "jc").set(qualified("w:val"), "left")
        for side in ("left", "right", "firstLine"):
            properties(line, "ind").set(qualified(f"w:{side}"), "0")

    return change


def without(begins: str, tag: str, part: str = "document") -> Change:
    """Take a property of the paragraph away."""

    def change(parts: Parts) -> None:
        own = parts.line(begins, part).find(qualified("w:pPr"))
        own.remove(own.find(qualified(f"w:{tag}")))

    return change


def reworded(old: str, new: str, part: str = "document") -> Change:
    def change(parts: Parts) -> None:
        for each in parts.tree(part).iter(qualified("w:t")):
            if old in (each.text or ""):
                each.text = each.text.replace(old, new)
                return
        raise LookupError(old)

    return change


def line_reworded(begins: str, old: str, new: str, part: str = "document") -> Change:
    """Reword within the paragraph that begins so."""

    def change(parts: Parts) -> None:
        for each in parts.line(begins, part).iter(qualified("w:t")):
            each.text = (each.text or "").replace(old, new)

    return change


def removed(begins: str) -> Change:
    def change(parts: Parts) -> None:
        line = parts.line(begins)
        line.getparent().remove(line)

    return change


def emptied_above(begins: str, lines: int = 1) -> Change:
    """Put empty lines, set as text is, above the paragraph."""

    def change(parts: Parts) -> None:
        line = parts.line(begins)
        for _ in range(lines):
            spacing = node("w:spacing", {"w:before": 0, "w:after": 0, "w:line": 579, "w:lineRule": "exact"})
            line.addprevious(node("w:p", None, node("w:pPr", None, spacing)))

    return change


def set_all(path: str, part: str = "document", **given: str) -> Change:
    """Set attributes (prefix_name=…) of everything the path finds."""

    def change(parts: Parts) -> None:
        found = parts.tree(part).findall(path, NAMESPACES)
        assert found, path
        for each in found:
            for name, setting in given.items():
                each.set(qualified(name.replace("_", ":")) if "_" in name else name, setting)

    return change


def dropped(path: str, part: str = "document") -> Change:
    """Take everything away that the path finds."""

    def change(parts: Parts) -> None:
        found = parts.tree(part).findall(path, NAMESPACES)
        assert found, path
        for each in found:
            each.getparent().remove(each)

    return change


def retexted(path: str, text: str, part: str = "document") -> Change:
    """Set the text of everything the path finds."""

    def change(parts: Parts) -> None:
        found = parts.tree(part).findall(path, NAMESPACES)
        assert found, path
        for each in found:
            each.text = text

    return change


def imprint_before(begins: str) -> Change:
    """Move the paragraph the imprint hangs on above the paragraph that begins so."""

    def change(parts: Parts) -> None:
        body = parts.tree().find(qualified("w:body"))
        anchor = next(each for each in body if each.find(f".//{qualified('wps:txbx')}") is not None)
        parts.line(begins).addprevious(anchor)

    return change


def marked(begins: str, *given: Any) -> Change:
    """Put elements at the paragraph's end."""
    return lambda parts: parts.line(begins).extend([copy.deepcopy(each) for each in given])


def both(*changes: Change) -> Change:
    def change(parts: Parts) -> None:
        for each in changes:
            each(parts)

    return change
