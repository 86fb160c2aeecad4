"""What the OpenAPI file says of answers that many endpoints give."""

from typing import Any

Responses = dict[int | str, dict[str, Any]]

PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}


def problem(description: str, *, retry: bool = False) -> dict[str, Any]:
    """Describe an answer that is a problem."""
    described: dict[str, Any] = {
        "description": description,
        "content": {"application/problem+json": {"schema": PROBLEM_REF}},
    }
    if retry:
        described["headers"] = {
            "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        }
    return described


COMMON: Responses = {
    401: problem("The server asks for a token."),
    421: problem("The Host header does not name this server."),
    429: problem("Too many requests from this client.", retry=True),
    500: problem("An unexpected error."),
    503: problem("Too much is waiting, or the server is starting or stopping.", retry=True),
}
INPUT: Responses = {
    400: problem("The body is not JSON."),
    403: problem("A page of another site sent this, or a service wants a sign-in first."),
    408: problem("The body came too slowly."),
    413: problem("The body is too large."),
    422: problem("The request cannot be used as it is."),
}
