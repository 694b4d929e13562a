"""Did you mean: the nearest of known spellings."""

from __future__ import annotations

import pytest

from pipeline.korean import similar
from pipeline.korean.similar import nearest


def test_the_nearest_by_letters() -> None:
    assert nearest("이룸", ["이름", "소속"]) == "이름"
    assert nearest("전화", ["이름", "소속"]) == ""
    assert nearest("이름", []) == ""


def test_a_name_is_compared_once_whatever_holds_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = similar.get_close_matches
    monkeypatch.setattr(
        similar, "get_close_matches", lambda text, *a, **k: compared.append(text) or real(text, *a, **k)
    )
    known = {"가람도 수원시": 1, "가람도 안양시": 2}
    said = [nearest(f"가람도 {town}", known) for town in ("수원씨", "안양씨") * 50]
    assert said == ["가람도 수원시", "가람도 안양시"] * 50
    assert len(compared) == 2
    known["가람도 수원씨"] = 3
    assert nearest("가람도 수원씨", known) == "가람도 수원씨", "what is known now, not what was"
