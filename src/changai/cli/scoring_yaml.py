"""YAML as schemes may be written: one plain object, numbers kept as the text they were written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


class NotPlain(ValueError):
    """The text is not YAML, or uses more of it than a scheme may; told in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(zh)


class PlainLoader(yaml.SafeLoader):
    """Knows no aliases (they can stand for text without end) and no repeated keys (the last would win silently)."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise NotPlain("不是有效的 YAML：不接受别名（*）", "not valid YAML: aliases (*) are not accepted")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: Any = False) -> Any:  # noqa: FBT002 - the library's signature
        keys = [key.value for key, _ in node.value]
        repeated = next((key for key in keys if keys.count(key) > 1), None)
        if repeated is not None:
            row = node.start_mark.line + 1
            zh = f"不是有效的 YAML：第 {row} 行起，“{repeated}”重复"
            raise NotPlain(zh, f'not valid YAML: from line {row}, "{repeated}" stands twice')
        return super().construct_mapping(node, deep)


def _as_written(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


for _tag in ("int", "float", "timestamp"):
    PlainLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_written)


def parse(text: str) -> Mapping[str, Any]:
    """Return the one object of the text.

    :raises NotPlain: when it is not YAML, not an object, or uses aliases or repeated keys.
    """
    try:
        parsed = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a safe loader, stricter still
    except (yaml.YAMLError, RecursionError) as wrong:
        raise NotPlain(f"不是有效的 YAML：{wrong}", f"not valid YAML: {wrong}") from wrong
    if not isinstance(parsed, Mapping):
        raise NotPlain("最外层应为一个对象", "the outermost value must be an object")
    return parsed
