from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.browser import Visit, visit
from tests.support.serving import RunningServer


@pytest.fixture
def explorer(browser: Any, server: RunningServer) -> Iterator[Visit]:
    """A reader's visit to the explorer on the shipped data, in a wide window, light and in English."""
    with visit(browser, server.address) as visited:
        yield visited
