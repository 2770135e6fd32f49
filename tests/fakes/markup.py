"""Reads a page as strictly as the HTML standard is written, where browsers forgive."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
CONTROLS = frozenset({"input", "select", "textarea"})


@dataclass
class Element:
    """One element with what stands in it."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element below, in the page's order; of these tags alone when some are named."""
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.all(*tags)

    def above(self) -> Iterator["Element"]:
        """The elements around it, the nearest first."""
        if self.parent is not None:
            yield self.parent
            yield from self.parent.above()

    @property
    def text(self) -> str:
        """Its words, those of its children among them."""
        return " ".join([*self.words, *(child.text for child in self.children)]).strip()

    @property
    def name(self) -> str:
        """What a screen reader calls it."""
        spoken = [self.attrs.get("aria-label", ""), self.attrs.get("alt", ""), *self.words]
        spoken += [child.name for child in self.children if child.attrs.get("aria-hidden") != "true"]
        return " ".join(one.strip() for one in spoken if one.strip())


class Document(HTMLParser):
    """A page as a tree, and what is wrong with how it was written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Element("#document", {})
        self.problems: list[str] = []
        self._open = self.root
        if not html.lower().startswith("<!doctype html>"):
            self.problems.append("does not begin with its doctype")
        self.feed(html)
        self.close()
        if self._open is not self.root:
            self.problems.append(f"<{self._open.tag}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open it below what is open."""
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self.problems.append(f"<{tag}> says an attribute twice: {names}")
        made = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(made)
        if tag not in VOID:
            self._open = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<path/>`; outside a drawing it would not close anything."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open; anything else is out of order."""
        if tag in VOID:
            self.problems.append(f"</{tag}> closes what cannot be closed")
        elif self._open.tag != tag:
            self.problems.append(f"</{tag}> closes <{self._open.tag}> at {self.getpos()}")
        elif self._open.parent is not None:
            self._open = self._open.parent

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if data.strip():
            self._open.words.append(data)

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags."""
        return list(self.root.all(*tags))

    def by_id(self, name: str) -> Element | None:
        """The element of that id."""
        return next((one for one in self.root.all() if one.attrs.get("id") == name), None)


def controls(page: Document) -> list[Element]:
    """What a person fills in: neither hidden fields nor buttons."""
    silent = {"hidden", "submit", "button"}
    return [one for one in page.all(*CONTROLS) if one.attrs.get("type", "text") not in silent]
