"""Whatever is uploaded, a server answers with what it read or with a 4xx, and goes on answering."""

import os
import time
from pathlib import Path

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from serving import Running

EXAMPLES = int(os.environ.get("SEGUE_TEST_EXAMPLES", "15"))
SECONDS = 20  # a test's share of the time, however slow the machine
REAL = [path.read_bytes() for path in sorted((Path(__file__).parents[2] / "examples").iterdir())]
LETTERS = st.characters(exclude_characters='"\\\r\n', exclude_categories=["Cs", "Cc"])
NAMES = st.text(LETTERS, max_size=30) | st.sampled_from(
    ["a.csv", "a.m3u", "a.xspf", "a.jspf", "a.json", "a.txt", "", "a/../b.csv", "\u202e.csv", "x" * 300]
)
SHARDS = st.sampled_from(
    [
        b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b";;;;", b",,,,\n", b"\r", b"\n" * 50,
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"<![CDATA[", b"</track>", b"{", b"[" * 200, b"]}", b"NaN",
        b"1e999", b'"\\ud800"', b"9" * 400, b"#EXTINF:-1,", b"spotify:track:", b"\x1a",
        b"https://open.spotify.com/playlist/", b"\xf0\x9f\x8e\xb5", b"\xc3", b" - " * 60, b"a" * 3_000,
    ]
) | st.binary(max_size=60)  # fmt: skip
CODECS = st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-32", "latin-1", "utf-7"])
calm = settings(
    max_examples=4 * EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@st.composite
def broken_files(draw: st.DrawFn) -> bytes:
    """A playlist file after an accident: cut, spliced with shards or another file, bits turned, recoded."""
    data = draw(st.sampled_from(REAL))
    if draw(st.booleans()):
        data = data.decode("utf-8", "replace").encode(draw(CODECS), "replace")
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["cut", "splice", "turn", "mix"]))
        if kind == "cut":
            data = data[:at]
        elif kind == "splice":
            data = data[:at] + draw(SHARDS) + data[at:]
        elif kind == "turn" and at < len(data):
            data = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
        elif kind == "mix":
            data = data[:at] + draw(st.sampled_from(REAL))[at:]
    return data


def check(response: httpx.Response) -> None:
    """Say that an answer is one of those that an upload may get."""
    shed = response.status_code == 503 and "retry-after" in response.headers
    assert response.status_code == 200 or 400 <= response.status_code < 500 or shed, response.text
    if response.status_code != 200:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["title"]


def test_files_after_an_accident(server: Running) -> None:
    end = time.monotonic() + SECONDS
    with server.client() as client:

        @calm
        @given(data=broken_files(), name=NAMES)
        def upload(data: bytes, name: str) -> None:
            if time.monotonic() < end:
                check(client.post("/api/v1/match/file", files={"file": (name, data)}))

        upload()
        assert client.get("/api/ready").status_code == 200


def test_text_after_an_accident(server: Running) -> None:
    end = time.monotonic() + SECONDS
    with server.client() as client:

        @calm
        @given(data=broken_files(), name=NAMES)
        def paste(data: bytes, name: str) -> None:
            if time.monotonic() < end:
                body = {"playlist": data.decode("utf-8", "replace"), "filename": name[:255], "n": 5}
                check(client.post("/api/v1/recommendations", json=body))

        paste()


FORM = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\r\n--cut--\r\n'
KINDS = st.sampled_from(
    [
        "multipart/form-data; boundary=cut", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other", 'multipart/form-data; boundary="cut',
        "multipart/mixed; boundary=cut", "application/x-www-form-urlencoded", "application/json",
        "text/plain; charset=nothing", "x", "",
    ]
)  # fmt: skip


def test_forms_after_an_accident(server: Running) -> None:
    end = time.monotonic() + SECONDS
    with server.client() as client:

        @calm
        @given(
            at=st.integers(0, len(FORM)),
            shard=SHARDS,
            skip=st.integers(0, 40),
            kind=KINDS,
            path=st.sampled_from(["match/file", "match", "recommendations", "export", "session"]),
        )
        def send(at: int, shard: bytes, skip: int, kind: str, path: str) -> None:
            if time.monotonic() < end:
                body = FORM[:at] + shard + FORM[at + skip :]
                check(client.post(f"/api/v1/{path}", content=body, headers={"content-type": kind}))

        send()
