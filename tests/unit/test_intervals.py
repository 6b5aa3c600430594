"""Formatting of time intervals; other text is unchanged."""

import pytest

from nevkg.lookup.literals import format_interval


@pytest.mark.parametrize(
    ("interval", "english", "chinese"),
    [
        ("../2026-11-24", "2026-11-24 or earlier", "2026-11-24 或更早"),
        ("2026-11/..", "2026-11 or later", "2026-11 或更晚"),
        ("2025/2026-01", "2025 – 2026-01", "2025 – 2026-01"),
        ("2025-05", "2025-05", "2025-05"),
        ("../..", "../..", "../.."),
        ("CKD/SKD", "CKD/SKD", "CKD/SKD"),
        ("", "", ""),
    ],
)
def test_an_interval_is_formatted_in_both_languages(interval: str, english: str, chinese: str) -> None:
    assert format_interval(interval, "en") == english
    assert format_interval(interval, "zh") == chinese
