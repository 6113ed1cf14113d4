"""A fault of the pack's own ends the call, and says nothing of what it looked at."""

from datetime import date
from typing import Any, NoReturn

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2

from groundplan_policies.crossguard.servicer import GuardrailsAnalyzer

CANARY = "c4n4ry-in-a-secret"


class AbortedError(Exception):
    """The call has ended."""


class Call:
    """The context of a call, as far as the pack uses it."""

    def abort(self, code: grpc.StatusCode, details: str) -> NoReturn:
        raise AbortedError(code, details)


def broken() -> date:
    raise ValueError(CANARY)


def test_a_fault_is_told_by_its_class_and_never_by_its_text() -> None:
    call: Any = Call()
    with pytest.raises(AbortedError) as caught:
        GuardrailsAnalyzer(broken).Analyze(analyzer_pb2.AnalyzeRequest(), call)

    code, details = caught.value.args
    assert code is grpc.StatusCode.INTERNAL
    assert "fault of their own: ValueError at crossguard/configuration.py:" in details
    assert CANARY not in details
