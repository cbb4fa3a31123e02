"""English is complete: every marked string has its English, and the compiled catalogue is the written one."""

import re

import polib

from tests.translations.catalogue import CATALOGUE, CHINESE, catalogue, english, is_translated, messages


def test_every_string_has_english() -> None:
    book = {(entry.msgid, entry.msgid_plural or ""): entry for entry in catalogue()}
    missing = sorted(msgid for msgid, plural in messages() if (msgid, plural) not in book)
    empty = sorted(entry.msgid for entry in book.values() if not is_translated(entry))
    assert not missing + empty


def test_english_has_no_chinese_left() -> None:
    left = [entry.msgid for entry in catalogue() if CHINESE.search(" ".join(english(entry)))]
    assert not left


def test_the_placeholders_agree() -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w+\}")
    for entry in catalogue():
        wanted = sorted(placeholder.findall(entry.msgid))
        for text in english(entry):
            assert sorted(placeholder.findall(text)) == wanted, entry.msgid


def test_the_compiled_catalogue_is_up_to_date() -> None:
    compiled = {entry.msgid: english(entry) for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    assert compiled == {entry.msgid: english(entry) for entry in catalogue() if is_translated(entry)}
