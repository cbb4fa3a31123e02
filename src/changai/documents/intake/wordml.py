"""Word's XML by local name: transitional and strict documents use different namespaces for the same words."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

_NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)


def word(element: Element) -> str:
    """Return the local name of an element of Word's own vocabulary, "" for any other."""
    tag = element.tag
    for namespace in _NAMESPACES:
        if tag.startswith(namespace):
            return tag[len(namespace) :]
    return ""


def children(element: Element | None, name: str) -> Iterator[Element]:
    """Yield the children called `name`; none of None."""
    if element is not None:
        yield from (item for item in element if word(item) == name)


def child(element: Element | None, name: str) -> Element | None:
    """Return the first child called `name`."""
    return next(children(element, name), None)


def value(element: Element | None, *, attribute: str = "val") -> str:
    """Return an attribute of Word's vocabulary, or ""."""
    if element is None:
        return ""
    return next(
        (
            element.get(namespace + attribute, "")
            for namespace in _NAMESPACES
            if namespace + attribute in element.attrib
        ),
        "",
    )
