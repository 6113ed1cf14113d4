import gc

import pytest

from mockcloud.doors.memory import serve_only


def test_a_process_that_only_serves_looks_for_garbage_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr("gc.freeze", lambda: asked.append("frozen"))
    monkeypatch.setattr("gc.set_threshold", lambda *numbers: asked.append(numbers))

    serve_only()

    assert asked[0] == "frozen"
    assert isinstance(asked[1], tuple)
    assert asked[1] > gc.get_threshold()
