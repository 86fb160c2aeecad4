"""What each field accepts, in the ways that data sets write it."""

import json
from typing import Any

import pytest

from made_tracks import make_id
from segue.catalogue.import_.parsers import MAX_TEXT, PARSERS, RefusedCell
from segue.features import AUDIO, BY_NAME

NOFX = (
    "external_urls, spotify, https://open.spotify.com/artist/4S2yOnmsWW97dT87yVoaSZ, href, "
    "https://api.spotify.com/v1/artists/4S2yOnmsWW97dT87yVoaSZ, id, 4S2yOnmsWW97dT87yVoaSZ, name, NOFX, "
    "type, artist, uri, spotify:artist:4S2yOnmsWW97dT87yVoaSZ"
)
CSNY = NOFX.replace("name, NOFX", "name, Crosby, Stills, Nash & Young")
ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    "cell",
    [
        ID,
        f" {ID}\n",
        f"spotify:track:{ID}",
        f"https://open.spotify.com/track/{ID}",
        f"http://open.spotify.com/intl-de/track/{ID}?si=ab",
        f"https://api.spotify.com/v1/tracks/{ID}",
        f"https://open.spotify.com/track/{ID}#x",
    ],
)
def test_track_ids(cell: str) -> None:
    assert PARSERS["track_id"](cell) == ID


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "no track id"),
        ("", "no track id"),
        ("nan", "no track id"),
        (float("nan"), "no track id"),
        (17, "track id: not 22 letters and digits"),
        (ID[:-1], "track id: not 22 letters and digits"),
        (ID + "a", "track id: not 22 letters and digits"),
        ("é" + ID[1:], "track id: not 22 letters and digits"),
        (f"spotify:album:{ID}", "track id: not 22 letters and digits"),
        (f"https://open.spotify.com/album/{ID}", "track id: not 22 letters and digits"),
    ],
)
def test_bad_track_ids(cell: object, reason: str) -> None:
    with pytest.raises(RefusedCell) as caught:
        PARSERS["track_id"](cell)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Queen", ["Queen"]),
        ("Seven Lions;HALIENE", ["Seven Lions", "HALIENE"]),
        ("Drake, The Weeknd", ["Drake", "The Weeknd"]),
        ("Earth, Wind & Fire", ["Earth, Wind & Fire"]),
        ("Tyler, The Creator, A$AP Rocky", ["Tyler, The Creator", "A$AP Rocky"]),
        ("['Carl Woitschach']", ["Carl Woitschach"]),
        ("""["Destiny's Child", 'A, B']""", ["Destiny's Child", "A, B"]),
        ('["a", null]', ["a"]),
        ("[]", []),
        ("[unquoted]", ["[unquoted]"]),
        ("[{'name': 'Björk', 'id': 'x'}]", ["Björk"]),
        ("{distatix}", ["{distatix}"]),
        (["A", None, "B", "A", " "], ["A", "B"]),
        ([{"name": "A"}, {"name": "B"}], ["A", "B"]),
        ({"name": "A"}, ["A"]),
        (NOFX, ["NOFX"]),
        (f"{NOFX}, {CSNY}", ["NOFX", "Crosby, Stills, Nash & Young"]),
        ("", []),
        (None, []),
        (float("nan"), []),
        ("a\x00b\nc", ["a b c"]),
        (311, ["311"]),
    ],
)
def test_artists(cell: object, names: list[str]) -> None:
    stored = PARSERS["artists"](cell)
    assert json.loads(str(stored) or "[]") == names


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Hello ", "Hello"),
        ("two\nlines\x00", "two lines"),
        (None, ""),
        (float("nan"), ""),
        (1999, "1999"),
        ("{'name': 'Dangerous', 'id': 'x'}", "Dangerous"),
        ({"name": "Dangerous"}, "Dangerous"),
        ("{'artists': [{'name': 'X'}], 'id': 'y', 'name': \"It's\", 'release_date': '2021'}", "It's"),
        ("{'artists': [{'name': 'X'}], 'id': 'y', 'name': 'It\\'s', 'release_date': '2021'}", "It's"),
        ("{Indistinct Chatter}", "{Indistinct Chatter}"),
        ("残響散歌", "残響散歌"),
        ("a\ud800b", "a b"),
    ],
)
def test_titles(cell: object, text: str) -> None:
    assert PARSERS["name"](cell) == text


@pytest.mark.parametrize("field", ["name", "artists", "album"])
def test_endless_texts(field: str) -> None:
    with pytest.raises(RefusedCell, match=f"at most {MAX_TEXT}"):
        PARSERS[field]("x" * (MAX_TEXT + 1))


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("1999", "1999"),
        ("1999-05", "1999-05"),
        ("1999-05-03", "1999-05-03"),
        ("1999-05-03T10:00:00Z", "1999-05-03"),
        ("1999-05-03 00:00:00", "1999-05-03"),
        (1999, "1999"),
        (1999.0, "1999"),
        ("1999.0", "1999"),
        ("5/3/1999", "1999"),
        ("May 3, 1999", "1999"),
        ("0000", ""),
        (0, ""),
        ("", ""),
        (None, ""),
        ("nan", ""),
        (float("nan"), ""),
        ("unknown", ""),
        ("1999/05/03", "1999-05-03"),
    ],
)
@pytest.mark.parametrize("field", ["release_date", "year"])
def test_dates(field: str, cell: object, date: str) -> None:
    assert PARSERS[field](cell) == date


@pytest.mark.parametrize("cell", ["3010", "1200-01-01", 1])
def test_years_that_cannot_be(cell: object) -> None:
    if cell == 1:
        assert PARSERS["year"](cell) == ""
        return
    with pytest.raises(RefusedCell, match="expected 1860 to 2100"):
        PARSERS["release_date"](cell)


@pytest.mark.parametrize("feature", AUDIO, ids=lambda feature: feature.name)
def test_numbers(feature: Any) -> None:
    parse = PARSERS[feature.name]
    for right in (feature.low, feature.high):
        if right != feature.missing:
            for cell in (right, str(right), f" {right} "):
                assert parse(cell) == right
    for missing in (None, "", "nan", "NaN", "NA", "null", "None", float("nan"), "-"):
        assert parse(missing) is None
    if feature.missing is not None:
        assert parse(feature.missing) is None
        assert parse(str(feature.missing)) is None


@pytest.mark.parametrize("feature", AUDIO, ids=lambda feature: feature.name)
def test_bad_numbers(feature: Any) -> None:
    parse = PARSERS[feature.name]
    for wrong in (feature.low - 2, feature.high * 2 + 1, float("inf"), "-inf", "1e999", 10**400, -(10**400)):
        with pytest.raises(RefusedCell) as caught:
            parse(wrong)
        assert caught.value.reason == f"{feature.name}: out of range"
    for wrong in ("abc", "1,2,3", "0x10", [1], {"a": 1}):
        with pytest.raises(RefusedCell) as caught:
            parse(wrong)
        assert caught.value.reason == f"{feature.name}: not a number"
    if feature.integer and feature.high > 1:
        for wrong in (1.5, "1.5"):
            with pytest.raises(RefusedCell) as caught:
                parse(wrong)
            assert caught.value.reason == f"{feature.name}: not a whole number"


@pytest.mark.parametrize(
    ("field", "cell", "number"),
    [
        ("key", "C", 0),
        ("key", "c#", 1),
        ("key", "Db", 1),
        ("key", "B", 11),
        ("key", "C#/Db", 1),
        ("key", "A minor", 9),
        ("mode", "Major", 1),
        ("mode", "minor", 0),
        ("mode", True, 1),
        ("time_signature", "4/4", 4),
        ("energy", "0,5", 0.5),
        ("loudness", "-7,25", -7.25),
        ("popularity", "64.0", 64),
        ("popularity", 0, 0),
        ("duration_ms", "215000.0", 215_000),
        ("duration_s", "215.2", 215_200),
        ("duration_min", "3.5", 210_000),
        ("duration", 215, 215_000),
        ("duration", 215_000, 215_000),
        ("duration", "3:35", 215_000),
        ("duration", "1:00:00", 3_600_000),
        ("duration", "", None),
        ("duration", 0, None),
    ],
)
def test_other_ways_to_write_numbers(field: str, cell: object, number: float | None) -> None:
    assert PARSERS[field](cell) == number


@pytest.mark.parametrize(
    ("field", "cell"),
    [("duration_s", "1e12"), ("duration", "-5"), ("popularity", 101), ("popularity", "many")],
)
def test_other_bad_numbers(field: str, cell: object) -> None:
    with pytest.raises(RefusedCell):
        PARSERS[field](cell)


@pytest.mark.parametrize(
    ("cell", "genre"),
    [
        ("rock", "rock"),
        ("rock,pop", "rock; pop"),
        ("rock; pop", "rock; pop"),
        (["rock", "pop"], "rock; pop"),
        ("['rock', 'pop']", "rock; pop"),
        ("", ""),
        (None, ""),
        ("[]", ""),
    ],
)
def test_genres(cell: object, genre: str) -> None:
    assert PARSERS["genre"](cell) == genre


def test_isrcs() -> None:
    assert PARSERS["isrc"]("gb-um7-10-29604") == "GBUM71029604"
    assert PARSERS["isrc"](None) == PARSERS["isrc"]("") == PARSERS["isrc"]("nan") == ""
    with pytest.raises(RefusedCell, match="expected a code"):
        PARSERS["isrc"](make_id(1))


def test_there_is_a_parser_for_every_feature() -> None:
    assert set(BY_NAME) <= set(PARSERS)
