"""English is complete: every marked string has its English, and the compiled catalogue is the written one."""

import polib

from tests.translations.catalogue import CATALOGUE, CHINESE, catalogue, is_translated, messages


def test_every_string_has_english() -> None:
    book = {(entry.msgid, entry.msgid_plural or ""): entry for entry in catalogue()}
    missing = sorted(msgid for msgid, plural in messages() if (msgid, plural) not in book)
    empty = sorted(entry.msgid for entry in book.values() if not is_translated(entry))
    assert not missing + empty


def test_english_has_no_chinese_left() -> None:
    left = [entry.msgid for entry in catalogue() if CHINESE.search(entry.msgstr)]
    assert not left


def test_the_placeholders_agree() -> None:
    import re

    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd]")
    for entry in catalogue():
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert sorted(placeholder.findall(text)) == sorted(placeholder.findall(entry.msgid)), (
                    entry.msgid
                )


def test_the_compiled_catalogue_is_up_to_date() -> None:
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    written = {
        entry.msgid: entry.msgstr for entry in catalogue() if is_translated(entry) and not entry.msgid_plural
    }
    assert {msgid: compiled.get(msgid) for msgid in written} == written
