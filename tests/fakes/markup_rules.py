"""The rules every page of ours keeps; each gives the sentences of what is broken."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.fakes.markup import CONTROLS, Document, Element, controls

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARTS = frozenset({"address", "article", "aside", "div", "figure", "footer", "header", "main", "nav", "p", "section"})
BLOCKS = HEADINGS | PARTS | {"blockquote", "details", "dl", "fieldset", "form", "hr", "ol", "pre", "table", "ul"}
PHRASING = HEADINGS | {"p", "span", "strong", "em", "bdi", "button", "label", "a"}
ACTIVE = frozenset({"a", "button", "input", "select", "textarea", "details", "label"})
POINTERS = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "list")
PARENTS = {"li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "option": {"select", "optgroup", "datalist"}}
PARENTS |= {"legend": {"fieldset"}, "summary": {"details"}, "tr": {"thead", "tbody", "tfoot", "table"}}


def broken_rules(html: str) -> list[str]:
    """Everything wrong with a page; nothing when it is right."""
    page = Document(html)
    return [*page.problems, *(words for rule in RULES for words in rule(page))]


def _ids_are_unique(page: Document) -> Iterator[str]:
    ids = [one.attrs["id"] for one in page.all() if "id" in one.attrs]
    yield from (f"id {one!r} stands {ids.count(one)} times" for one in sorted(set(ids)) if ids.count(one) > 1)
    yield from (f"id {one!r} is empty or holds a blank" for one in ids if not one or " " in one)


def _pointers_lead_somewhere(page: Document) -> Iterator[str]:
    ids = {one.attrs.get("id") for one in page.all()}
    for element in page.all():
        for name in POINTERS:
            for target in element.attrs.get(name, "").split():
                if target not in ids:
                    yield f"<{element.tag} {name}={target!r}> points at nothing"
        way = element.attrs.get("href", "")
        if way.startswith("#") and way[1:] not in ids:
            yield f"a link leads to {way}, which is not there"


def _controls_have_labels(page: Document) -> Iterator[str]:
    labelled = {one.attrs.get("for") for one in page.all("label") if one.text}
    for control in controls(page):
        inside = any(one.tag == "label" for one in control.above())
        spoken = control.attrs.get("aria-label") or control.attrs.get("aria-labelledby")
        if not (inside or spoken or control.attrs.get("id") in labelled):
            yield f"<{control.tag} name={control.attrs.get('name')!r}> has no label"
    for label in page.all("label"):
        target = page.by_id(label.attrs.get("for", ""))
        if target is not None and target.tag not in CONTROLS | {"progress", "meter", "output"}:
            yield f"a label names <{target.tag}>, which nobody fills in"


def _what_has_an_error_is_called_wrong(page: Document) -> Iterator[str]:
    for control in controls(page):
        told = [one for one in control.attrs.get("aria-describedby", "").split() if one.endswith("-error")]
        if told and control.attrs.get("aria-invalid") != "true":
            yield f"<{control.tag} name={control.attrs.get('name')!r}> has an error and is not called invalid"


def _ways_have_names(page: Document) -> Iterator[str]:
    for one in page.all("a", "button", "summary", "legend", "h1", "h2", "h3", "h4"):
        if not one.name:
            yield f"<{one.tag} {one.attrs}> has no words"
    yield from (f"<img src={one.attrs.get('src')!r}> has no alt" for one in page.all("img") if "alt" not in one.attrs)


def _headings_stand_in_order(page: Document) -> Iterator[str]:
    levels = [int(one.tag[1]) for one in page.all(*HEADINGS)]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} first headings"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"


def _nothing_runs_or_paints_inline(page: Document) -> Iterator[str]:
    for one in page.all():
        if "style" in one.attrs or one.tag == "style":
            yield f"<{one.tag}> carries a style of its own"
        yield from (f"<{one.tag}> runs {name}" for name in one.attrs if name.startswith("on"))
        if one.tag == "script" and "src" not in one.attrs and one.attrs.get("type") != "application/ld+json":
            yield "a script stands in the page"
        if any(one.attrs.get(name, "").strip().lower().startswith("javascript:") for name in ("href", "src", "action")):
            yield f"<{one.tag}> leads into a script"


def _elements_stand_where_they_may(page: Document) -> Iterator[str]:
    for one in page.all():
        parent = one.parent.tag if one.parent else ""
        if one.tag in PARENTS and parent not in PARENTS[one.tag] | {"template"}:
            yield f"<{one.tag}> stands in <{parent}>"
        if parent in {"ul", "ol"} and one.tag not in {"li", "template", "script"}:
            yield f"<{parent}> holds <{one.tag}>"
        yield from _misplaced(one)


def _misplaced(one: Element) -> Iterator[str]:
    around = [above.tag for above in one.above()]
    if "svg" in around:
        return
    inner = [tag for tag in around if tag in PHRASING and tag != "a"]
    if one.tag in BLOCKS and inner:
        yield f"<{one.tag}> stands in <{inner[0]}>"
    if one.tag in ACTIVE - {"label"} and {"a", "button"} & set(around):
        yield f"<{one.tag}> stands in a link or button"
    if one.tag == "form" and "form" in around:
        yield "a form stands in a form"


def _the_head_says_what_it_must(page: Document) -> Iterator[str]:
    root = next(iter(page.all("html")), Element("html", {}))
    if not root.attrs.get("lang") or root.attrs.get("dir") not in {"ltr", "rtl"}:
        yield "the page names no language or direction"
    titles = page.all("title")
    if not titles or not titles[0].text:
        yield "the page has no title"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main parts"
    if not any(one.attrs.get("charset", "").lower() == "utf-8" for one in page.all("meta")):
        yield "the page names no charset"


RULES: tuple[Callable[[Document], Iterator[str]], ...] = (
    _ids_are_unique,
    _pointers_lead_somewhere,
    _controls_have_labels,
    _what_has_an_error_is_called_wrong,
    _ways_have_names,
    _headings_stand_in_order,
    _nothing_runs_or_paints_inline,
    _elements_stand_where_they_may,
    _the_head_says_what_it_must,
)
