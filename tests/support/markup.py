"""Reads pages strictly: what is not closed, runs or styles within the page, or leads elsewhere than it says is an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Elements that browsers close by themselves; ours are closed all the same.
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "base", "svg", "img"}


@dataclass
class Markup(HTMLParser):
    """A page: its links, names, texts, and the language in which each text stands."""

    text: str
    links: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stack: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()
        assert not self.stack, self.stack
        assert len(set(self.ids)) == len(self.ids), "an id stands twice"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert len(given) == len(attrs)
        assert tag not in FORBIDDEN
        assert not [name for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        self.tags.append((tag, given))
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append((tag, given["href"]))
        if tag not in VOID:
            self.stack.append((tag, given.get("lang") or (self.stack[-1][1] if self.stack else "")))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.stack.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.said.append((data.strip(), self.stack[-1][1] if self.stack else ""))

    @property
    def words(self) -> str:
        """All texts."""
        return " ".join(text for text, _ in self.said)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of a name."""
        return [attrs for name, attrs in self.tags if name == tag]
