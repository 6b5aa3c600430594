"""Writes docs/api.md: the public names of nevkg, from their signatures and docstrings.

Nothing is imported: griffe reads the source. Run it as ``python docs/api.py``, or with ``make docs``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import griffe

DOCS = Path(__file__).resolve().parent
HEAD = """\
# Reference

The public names of the package `nevkg`, made from its docstrings by `make docs`.
[python.md](python.md) shows how they are used.
"""
_WIDTH = 100
_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def make_page() -> str:
    """Returns the page as Markdown."""
    members = load_public_names()
    index = " · ".join(f"[{name}](#{name.lower()})" for name in members)
    return "\n".join(
        [HEAD, index + "\n", *(part for name, member in members.items() for part in format_section(name, member, list(members)))]
    )


def load_public_names() -> dict[str, griffe.Object]:
    """Returns the members that ``__all__`` lists, in alphabetical order."""
    package = griffe.load("nevkg", search_paths=[str(DOCS.parent / "src")], docstring_parser=griffe.Parser.google)
    return {name: resolve(package[name]) for name in sorted(ast.literal_eval(str(package["__all__"].value)), key=str.lower)}


def resolve(member: griffe.Object | griffe.Alias) -> griffe.Object:
    """Returns the definition that an alias refers to."""
    return member.final_target if isinstance(member, griffe.Alias) else member


def find_members(member: griffe.Object, names: list[str]) -> dict[str, griffe.Object]:
    """Returns the public methods and properties of a class in source order, without those inherited from a class on this page."""
    if not isinstance(member, griffe.Class):
        return {}
    every = {**({} if find_base(member, names) else member.inherited_members), **member.members}
    attributes = {name: resolve(item) for name, item in every.items() if not name.startswith("_")}
    return {name: attribute for name, attribute in attributes.items() if attribute.is_function or "property" in attribute.labels}


def find_base(member: griffe.Class, names: list[str]) -> str | None:
    """Returns the name of the base class that is on this page, if any."""
    return next((base for base in map(str, member.bases) if base in names), None)


def format_section(name: str, member: griffe.Object, names: list[str]) -> Iterator[str]:
    """Yields the section of a name and, for a class, those of its methods and properties."""
    yield f"## {name}\n\n```python\n{format_signature(member, name)}\n```\n"
    yield from format_docstring(member)
    if isinstance(member, griffe.Class) and (constructor := find_constructor(member)):
        yield from list(format_docstring(constructor))[1:]
    if isinstance(member, griffe.Class) and (base := find_base(member, names)):
        yield f"It also has all members of [{base}](#{base.lower()}).\n"
    for part, attribute in find_members(member, names).items():
        yield f"### {name}.{part}\n\n```python\n{format_signature(attribute, part)}\n```\n"
        yield from format_docstring(attribute)


def find_constructor(member: griffe.Class) -> griffe.Function | None:
    """Returns the constructor of a class, if it has one."""
    init = resolve(member.all_members["__init__"]) if "__init__" in member.all_members else None
    return init if isinstance(init, griffe.Function) else None


def format_signature(member: griffe.Object, name: str) -> str:
    """Returns the signature of a class or function, or the type of a property."""
    if isinstance(member, griffe.Attribute):
        return f"{name}: {member.annotation}"
    if isinstance(member, griffe.Class):
        constructor = find_constructor(member)
        return f"class {wrap_signature(constructor.signature(name=name).removesuffix(' -> None')) if constructor else name}"
    assert isinstance(member, griffe.Function)
    return ("async def " if "async" in member.labels else "def ") + wrap_signature(member.signature(name=name))


def wrap_signature(text: str) -> str:
    """Wraps a long signature with one parameter per line."""
    if len(text) <= _WIDTH:
        return text
    parameters, *result = text.partition(" -> ")
    lines, depth = "", 0
    for mark in parameters:
        depth += (mark in "([{") - (mark in ")]}")
        lines += {("(", 1): "(\n    ", (")", 0): ",\n)", (",", 1): ",\n   "}.get((mark, depth), mark)
    return lines + "".join(result)


def format_docstring(member: griffe.Object) -> Iterator[str]:
    """Yields the docstring as Markdown, with arguments, results and errors as lists."""
    for part in member.docstring.parsed if member.docstring else []:
        if isinstance(part, griffe.DocstringSectionText):
            yield to_markdown(part.value) + "\n"
        elif isinstance(part, griffe.DocstringSectionParameters):
            yield "Args:\n\n" + "".join(f"- `{item.name}`: {to_markdown(item.description)}\n" for item in part.value)
        elif isinstance(part, griffe.DocstringSectionRaises):
            yield "Raises:\n\n" + "".join(f"- `{item.annotation}`: {to_markdown(item.description)}\n" for item in part.value)
        elif isinstance(part, griffe.DocstringSectionReturns):
            yield "Returns:\n\n" + "".join(f"- {to_markdown(item.description)}\n" for item in part.value)


def to_markdown(text: str) -> str:
    """Converts the text of a docstring to Markdown, with each paragraph on one line."""
    return re.sub(r"(?<!\n)\n(?!\n) *", " ", _ROLE.sub(r"`\1`", text).replace("``", "`"))


if __name__ == "__main__":
    (DOCS / "api.md").write_text(make_page(), encoding="utf-8")
