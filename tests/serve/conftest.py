from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run in asyncio, as the server does."""
    return "asyncio"
