"""What a browser keeps, what it asks about again, and what HEAD and Allow say."""

import json
import time

import httpx
import pytest

from serving import Running

KEPT = [
    "/api/v1/map",
    "/api/v1/map/colours/energy",
    "/",
    "/docs",
    "/static/js/main.js",
    "/static/css/base.css",
]


@pytest.mark.parametrize("path", KEPT)
def test_kept_and_asked_about(client: httpx.Client, path: str) -> None:
    while (first := client.get(path)).status_code == 503:
        time.sleep(0.5)  # the map is drawn once
    assert first.status_code == 200
    assert first.headers["content-encoding"] == "gzip"
    assert "no-cache" in first.headers["cache-control"]
    again = client.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"if-none-match": '"an-older-one"'}).status_code == 200
    plain = client.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content
    assert plain.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/api/health", "/api/ready", "/api/v1/catalogue", "/api/v1/map", "/docs", "/"]
)
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["content-security-policy"]


def test_head_of_what_takes_post_alone(client: httpx.Client) -> None:
    answer = client.head("/api/v1/recommendations")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/tracks", "GET, HEAD, POST"),
        ("/api/v1/session", "GET, HEAD, POST"),
        ("/api/v1/export", "POST"),
    ],
)
def test_allow_names_every_method(client: httpx.Client, path: str, allowed: str) -> None:
    answer = client.delete(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json()["detail"]


def test_every_example_of_the_openapi_file_is_accepted(server: Running, client: httpx.Client) -> None:
    spec = client.get("/api/openapi.json").json()
    tried = 0
    for path, operations in spec["paths"].items():
        schema = (
            operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        )
        schema = schema.get("schema", {})
        if "$ref" in schema:
            schema = spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        for example in schema.get("examples", []):
            if "spotify" not in path and "reload" not in path:
                answer = client.post(path, json=example)
                assert answer.status_code == 200, (path, example, answer.text)
                tried += 1
    assert tried >= 6


@pytest.mark.parametrize("name", ["json", "jspf"])
def test_a_json_export_is_what_its_schema_says(client: httpx.Client, some_ids: list[str], name: str) -> None:
    answer = client.post("/api/v1/export", json={"tracks": some_ids, "format": name})
    media_type = answer.headers["content-type"].split(";")[0]
    content = client.get("/api/openapi.json").json()["paths"]["/api/v1/export"]["post"]["responses"]["200"][
        "content"
    ]
    schema = content[media_type]["schema"]
    assert schema["type"] == "object"
    assert set(schema["required"]) <= set(json.loads(answer.text))
