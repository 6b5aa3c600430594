"""Links to words of a page, as https://wicg.github.io/scroll-to-text-fragment/ defines them."""

from __future__ import annotations

import pytest

from nevkg.reading.addresses import link_to_words

PAGE = "https://example.org/a"


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (["150,000"], "text=150%2C000"),
        (["15万", "150000"], "text=15%E4%B8%87&text=150000"),
        (["Mercedes-Benz & Co"], "text=Mercedes%2DBenz%20%26%20Co"),
        (["a#b?c=d%e\n"], "text=a%23b%3Fc%3Dd%25e%0A"),
        (["same", "same", " "], "text=same"),
    ],
)
def test_separators_of_the_syntax_are_encoded(words: list[str], fragment: str) -> None:
    assert link_to_words(PAGE, words) == f"{PAGE}#:~:{fragment}"
    assert link_to_words(f"{PAGE}?x=1#part", words) == f"{PAGE}?x=1#part:~:{fragment}"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.pdf",
        "https://example.org/A.PDF?x=1",
        "ftp://example.org/a",
        "urn:isbn:1",
        "javascript:alert(1)",
        "https://[",
        PAGE + "#:~:text=b",
    ],
)
def test_other_addresses_stay_as_they_are(address: str) -> None:
    assert link_to_words(address, ["words"]) == address


def test_without_words_there_is_no_fragment() -> None:
    assert link_to_words(PAGE, []) == PAGE
