from pathlib import Path

import pytest

from segue.errors import SettingsError
from segue.net import is_loopback_host
from segue.web.options import ServeOptions, Tokens

GOOD = "a-token-of-good-length"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", ""])
def test_not_loopback(host: str) -> None:
    assert not is_loopback_host(host)


def test_a_server_open_to_others_needs_tokens(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no token file") as caught:
        ServeOptions(host="0.0.0.0").check()
    assert "--token-file" in caught.value.hint
    ServeOptions(host="0.0.0.0", token_file=tmp_path / "tokens").check()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"port": 70_000}, "port"), ({"rate_limit": -1.0}, "rate limit"), ({"queue_limit": 0}, "queue limit")],
)
def test_numbers_that_make_no_sense(wrong: dict[str, float], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        ServeOptions(**wrong).check()  # type: ignore[arg-type]


def test_the_rate_is_limited_where_others_can_come() -> None:
    assert ServeOptions().rate == 0
    assert ServeOptions(host="0.0.0.0").rate == 20
    assert ServeOptions(host="0.0.0.0", rate_limit=0).rate == 0


def test_tokens(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# of Ada\n{GOOD}\n\n{GOOD}-2\n")
    tokens = Tokens.read(file)
    assert tokens.accept(GOOD)
    assert tokens.accept(f"{GOOD}-2")
    assert not tokens.accept("")
    assert not tokens.accept("\ud800")
    assert not tokens.accept("# of Ada")
    assert GOOD not in repr(tokens)


@pytest.mark.parametrize(
    ("text", "says"), [("", "no token"), ("# only words\n", "no token"), ("short\n", "at least 16")]
)
def test_token_files_that_cannot_be_used(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "tokens"
    file.write_text(text)
    with pytest.raises(SettingsError, match=says):
        Tokens.read(file)
    with pytest.raises(SettingsError, match="cannot be read"):
        Tokens.read(tmp_path / "nothing")
