"""hatchling, which asks for Node.js where the explorer is to be built. An editable install does not build it, and does without."""

from __future__ import annotations

from typing import Any

from hatchling import build as hatchling
from hatchling.build import *  # noqa: F403  the hooks that are as they were

from nevkg.explorer.build import HERE, NODE, is_current


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:  # type: ignore[no-redef]
    """What hatchling needs, and Node.js if the explorer is not built."""
    return [*hatchling.get_requires_for_build_wheel(config_settings), *_node()]


def get_requires_for_build_sdist(config_settings: dict[str, Any] | None = None) -> list[str]:  # type: ignore[no-redef]
    """What hatchling needs, and Node.js if the explorer is not built."""
    return [*hatchling.get_requires_for_build_sdist(config_settings), *_node()]


def _node() -> list[str]:
    return [] if is_current(HERE) else [NODE]
