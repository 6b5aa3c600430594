"""A strict HTML parser: unclosed elements, inline scripts and styles, and repeated ids are errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FORBIDDEN = {"style", "iframe", "object", "embed", "base", "svg", "img"}


@dataclass
class Markup(HTMLParser):
    """A page: its links, ids and elements, and its texts with their languages."""

    text: str
    links: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    stack: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()
        assert not self.stack, self.stack
        assert len(set(self.ids)) == len(self.ids), "an id is repeated"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs)
        assert tag not in FORBIDDEN
        assert tag != "script" or "src" in attributes or attributes["type"] == "application/json"
        assert not [name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "href" in attributes:
            self.links.append((tag, attributes["href"]))
        if tag not in VOID:
            self.stack.append((tag, attributes.get("lang") or (self.stack[-1][1] if self.stack else "")))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.stack.pop()
        assert opened == tag, f"</{tag}> closes <{opened}>"

    def handle_data(self, data: str) -> None:
        if data.strip() and not (self.stack and self.stack[-1][0] == "script"):
            self.texts.append((data.strip(), self.stack[-1][1] if self.stack else ""))

    @property
    def words(self) -> str:
        return " ".join(text for text, _ in self.texts)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Returns the attributes of all elements with this tag."""
        return [attrs for name, attrs in self.tags if name == tag]
