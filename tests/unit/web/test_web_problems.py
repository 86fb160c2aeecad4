import inspect
import json

import pytest

from segue import errors
from segue.web import problems


def all_errors() -> list[type[errors.SegueError]]:
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    return [kind for kind in found if issubclass(kind, errors.SegueError)]


@pytest.mark.parametrize("kind", all_errors())
def test_the_table_is_complete(kind: type[errors.SegueError]) -> None:
    assert kind in problems.STATUSES, f"{kind.__name__} has no HTTP status"


def test_the_nearest_parent_counts() -> None:
    class Odd(errors.InvalidTrackIdError):
        pass

    assert problems.status_of(Odd("")) == problems.STATUSES[errors.InvalidTrackIdError]


def test_body() -> None:
    error = errors.NoUsableSeeds("none of the 1 seeds", seeds=("x",), hint="Choose others.")
    assert problems.problem_body(error) == {
        "type": "/docs#no-usable-seeds",
        "title": "None of these tracks is in the catalogue",
        "status": 422,
        "detail": "none of the 1 seeds",
        "hint": "Choose others.",
        "seeds": ["x"],
    }
    problems.Problem.model_validate(problems.problem_body(error))


def test_spotifys_shape_under_its_paths() -> None:
    body = problems.plain_problem(422, "limit: \ud800", hint="Less.")
    response = problems.problem_response("/v1/recommendations", body)
    assert response.status_code == 400
    assert json.loads(bytes(response.body)) == {"error": {"status": 400, "message": "limit: ?. Less"}}
    assert response.headers["content-type"] == "application/json"
    other = problems.problem_response("/api/v1/search", body)
    assert other.status_code == 422
    assert other.headers["content-type"].startswith("application/problem+json")


def test_kinds_are_told_apart() -> None:
    kinds = [kind["kind"] for kind in problems.describe_problems()]
    assert len(kinds) == len(set(kinds))
    assert "spotify-access" in kinds
