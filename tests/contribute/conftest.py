from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.contributions import Tables, write_small_data

from nevkg.data.paths import Layout


@pytest.fixture
def data(tmp_path: Path) -> Layout:
    return write_small_data(tmp_path)


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(tmp_path / "c")
