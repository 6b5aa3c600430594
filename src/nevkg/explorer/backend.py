"""The build backend: hatchling, which also requires Node.js if the explorer has to be built. An editable install does not build it."""

from __future__ import annotations

from typing import Any

from hatchling import build as hatchling
from hatchling.build import *  # noqa: F403  the hooks that are not overridden below

from nevkg.explorer.build import HERE, NODE, is_current


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:  # type: ignore[no-redef]
    """Returns the requirements of hatchling, and Node.js if the explorer is not built."""
    return [*hatchling.get_requires_for_build_wheel(config_settings), *_node_requirement()]


def get_requires_for_build_sdist(config_settings: dict[str, Any] | None = None) -> list[str]:  # type: ignore[no-redef]
    """Returns the requirements of hatchling, and Node.js if the explorer is not built."""
    return [*hatchling.get_requires_for_build_sdist(config_settings), *_node_requirement()]


def _node_requirement() -> list[str]:
    return [] if is_current(HERE) else [NODE]
