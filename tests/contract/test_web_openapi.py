"""Our own OpenAPI file: sound, complete, and kept by the server whatever a client sends."""

import os
import time
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks as openapi_checks

from serving import Running

EXAMPLES = int(os.environ.get("SEGUE_TEST_EXAMPLES", "15"))
SECONDS = 40  # of all operations together, however slow the machine: each gets its share
CHECKS = [
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]
LEFT_OUT = {"/api/reload", "/api/v1/sets/{name}"}  # these have tests of their own


def hammer(operation: Any, seconds: float) -> None:
    """Send what the file allows, and what it does not, to one operation; no longer than given."""
    end = time.monotonic() + seconds

    @given(
        case=operation.as_strategy()
        | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    def run(case: schemathesis.Case) -> None:
        if time.monotonic() > end:
            return
        answer = case.call()
        # Shedding is no failure, as long as it says when to come again.
        assert answer.status_code < 500 or (answer.status_code == 503 and "retry-after" in answer.headers), (
            case.as_curl_command(),
            answer.text,
        )
        case.validate_response(answer, checks=CHECKS)

    run()


def test_no_500_and_nothing_outside_the_schema(server: Running) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}api/openapi.json")
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 25
    for operation in operations:
        if operation.path not in LEFT_OUT:
            hammer(operation, SECONDS / len(operations))


def test_every_operation_is_described(client: httpx.Client) -> None:
    spec = client.get("/api/openapi.json").json()
    assert spec["openapi"].startswith("3.1")
    for path, operations in spec["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path
            assert "200" in operation["responses"], path
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body:
                schema = body["schema"]
                if "$ref" in schema:
                    schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
                assert "examples" in schema or path.endswith("/session"), path
