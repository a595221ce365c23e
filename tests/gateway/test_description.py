"""The OpenAPI document, tried out: whatever fits it or not, no answer is a server error, and answers are as it says.

`make test` tries some examples of each route, `make soak` many.
"""

import asyncio
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.people import Person, sign_up
from tests.gateway.stack import GatewayProcess, Stack

EXAMPLES = 6
EXAMPLES_LONG = 400
ENDS_THE_SESSION = ("/auth/logout", "/api/sessions/{name}")
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance)


@pytest.fixture(scope="module")
def open_gateway(stack: Stack) -> GatewayProcess:
    """With room for many requests."""
    many = "100000"
    return stack.gateway(
        MX_GATEWAY_LIMITS_REQUESTS_PER_SECOND_PER_ADDRESS=many,
        MX_GATEWAY_LIMITS_REQUESTS_BURST_PER_ADDRESS=many,
        MX_GATEWAY_LIMITS_SIGN_INS_PER_MINUTE_PER_ADDRESS=many,
        MX_GATEWAY_LIMITS_REQUESTS_PER_SECOND_PER_SESSION=many,
        MX_GATEWAY_LIMITS_REQUESTS_BURST_PER_SESSION=many,
        MX_GATEWAY_LIMITS_ORDERS_PER_SECOND_PER_SESSION=many,
    )


@pytest.fixture(scope="module")
def visitor(stack: Stack, open_gateway: GatewayProcess) -> Person:
    return asyncio.run(sign_up(stack, open_gateway))


def try_out(gateway: GatewayProcess, visitor: Person, examples: int) -> None:
    schema = schemathesis.openapi.from_url(f"{gateway.url}/openapi.json")
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    seen: Counter[int] = Counter()
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        if operation.path in ENDS_THE_SESSION:
            continue
        tried += 1

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(case=operation.as_strategy())
        def one(case: "schemathesis.Case[Any]") -> None:
            answer = case.call(headers={"Authorization": f"Bearer {visitor.token}"}, timeout=30)
            seen[answer.status_code] += 1
            case.validate_response(answer, checks=list(CHECKS))

        one()
    assert tried > 40
    assert seen[200] > tried / 2, "most routes were reached by somebody who is signed in"
    assert seen[400] > tried, "and by nonsense"
    assert "a request failed" not in gateway.log()


def test_no_request_is_a_server_error(open_gateway: GatewayProcess, visitor: Person) -> None:
    try_out(open_gateway, visitor, EXAMPLES)


@pytest.mark.soak
def test_no_request_of_many_is_a_server_error(open_gateway: GatewayProcess, visitor: Person) -> None:
    try_out(open_gateway, visitor, EXAMPLES_LONG)
