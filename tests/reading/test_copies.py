"""Texts that repeat another one share most of their runs of words; reports on the same event do not."""

from __future__ import annotations

import pytest

from nevkg.propose.originals import measure_copied, read_shingles

TEXTS = {
    "en": (
        "Maker A has opened a plant in the east of the country, its second abroad. The works can build 120,000 cars a year and employ "
        "1,800 people. A second phase is to follow by 2028, the company said on Monday. Suppliers have bought land nearby."
    ),
    "zh": (
        "制造商甲周一宣布，其位于该国东部的第二家海外工厂正式投产。该工厂年产能约为十二万辆，"
        "现有员工一千八百人，二期工程计划于二〇二八年前完成，多家供应商已在附近购置土地。"
    ),
    "th": "ผู้ผลิตเอเปิดโรงงานแห่งที่สองในต่างประเทศทางภาคตะวันออก โรงงานผลิตรถยนต์ได้หนึ่งแสนสองหมื่นคันต่อปีและมีพนักงานหนึ่งพันแปดร้อยคน",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_copy_with_another_headline_and_spacing_is_recognised(language: str) -> None:
    text = TEXTS[language]
    copy = "A new headline\n" + text.upper().replace(". ", ".\n\n") + "\n© 2026 The Daily Copy. Menu, search, contact."
    assert measure_copied(read_shingles(text), read_shingles(copy)) > 0.9
    assert measure_copied(read_shingles(copy), read_shingles(text)) > 0.6


def test_another_report_on_the_same_event_is_none() -> None:
    other = (
        "On Monday, the second foreign factory of Maker A went into operation in the eastern region. According to the company, 1,800 "
        "people work there. It can build 120,000 cars a year; more is planned for a second phase until 2028."
    )
    assert measure_copied(read_shingles(other), read_shingles(TEXTS["en"])) < 0.2


def test_a_short_text_says_nothing() -> None:
    short = read_shingles("All rights reserved. No part may be reproduced without permission.")
    assert measure_copied(short, short) == 0
