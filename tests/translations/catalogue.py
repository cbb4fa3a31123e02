"""Collects every marked string and keeps the English catalogue: `python tests/translations/catalogue.py`.

It needs no gettext programs: Python files are read as syntax trees, templates through Django's own lexer. Run it
after changing a string: it adds the new ones without English to locale/en/LC_MESSAGES/django.po, drops those that are
gone, and writes the compiled django.mo beside it. The test fails while one is without English.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "changai"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXTUAL = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # characters and full-width punctuation
Message = tuple[str, str]  # msgid, msgid_plural ("" when there is none)


def messages() -> set[Message]:
    """Return every marked string of the programme."""
    return {message for file in SOURCE.rglob("*") for message in _messages_of(file)}


def _messages_of(file: Path) -> Iterator[Message]:
    if "tests" in file.parts or "migrations" in file.parts:
        return
    if file.suffix == ".py":
        yield from _calls(ast.parse(file.read_text(encoding="utf-8")))
    elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
        # The lexer gives the template as lines that look like Python calls, amid noise that does not parse.
        text = templatize(file.read_text(encoding="utf-8"), origin=str(file))
        for call in re.finditer(
            r"\b(?:_|n?p?gettext)\((?:u?(?:'''.*?'''|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"),? ?)+(?:count)?\)",
            text,
        ):
            yield from _calls(ast.parse(re.sub(r",\s*count\)$", ", 1)", call[0])))


def _calls(tree: ast.AST) -> Iterator[Message]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        words = [text for text in texts if isinstance(text, str)]
        if name in CONTEXTUAL:
            raise NotImplementedError(
                f"a context marker ({words}): the catalogue keeps one English for one Chinese"
            )
        if name in SINGULAR and words:
            yield words[0], ""
        elif name in PLURAL and len(words) >= 2:
            yield words[0], words[1]


def catalogue() -> polib.POFile:
    """Return the English catalogue, a new one when there is none."""
    if CATALOGUE.exists():
        return polib.pofile(str(CATALOGUE), encoding="utf-8", wrapwidth=110)
    book = polib.POFile(wrapwidth=110)
    book.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return book


def english(entry: polib.POEntry) -> list[str]:
    """Return the English of an entry: one text, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def is_translated(entry: polib.POEntry) -> bool:
    """Return whether the entry has English in every form."""
    return bool(english(entry)) and all(english(entry))


def renew() -> int:
    """Bring the catalogue up to date, write it and its compiled form, and return how many lack English."""
    book, wanted = catalogue(), messages()
    for entry in [entry for entry in book if (entry.msgid, entry.msgid_plural or "") not in wanted]:
        book.remove(entry)
    known = {(entry.msgid, entry.msgid_plural or "") for entry in book}
    for msgid, plural in sorted(wanted - known):
        forms = {"msgid_plural": plural, "msgstr_plural": {0: "", 1: ""}} if plural else {}
        book.append(polib.POEntry(msgid=msgid, **forms))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    book.sort(key=lambda entry: entry.msgid)
    book.save(str(CATALOGUE))
    book.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    return sum(not is_translated(entry) for entry in book)


if __name__ == "__main__":
    sys.stdout.write(f"{renew()} strings without English in {CATALOGUE}\n")
