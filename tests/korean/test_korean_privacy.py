"""Values as messages may repeat them."""

from __future__ import annotations

import pytest

from pipeline.korean.privacy import untold


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("010-2345-6789", "●●●-●●●●-●●●●"),
        ("01098765432", "●●●-●●●●-●●●●"),
        ("전화 02) 345-6789 (집)", "전화 ●●●-●●●●-●●●● (집)"),
        ("031.123.4567", "●●●-●●●●-●●●●"),
        ("710314-1234567", "●●●●●●-●●●●●●●"),
        ("918102092", "918102092"),
        ("A-4110100-0003", "A-4110100-0003"),
        ("2018-06-13", "2018-06-13"),
        ("0001", "0001"),
        ("수용함", "수용함"),
    ],
)
def test_what_is_told(value: str, told: str) -> None:
    assert untold(value) == told
