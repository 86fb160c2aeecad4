import pytest

from segue.errors import InvalidLinkError, InvalidTrackIdError
from segue.text.links import SpotifyLink, find_collection, find_link_texts, find_local, parse_link

ID = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"https://open.spotify.com/track/{ID}", "track"),
        (f"https://open.spotify.com/track/{ID}?si=0123456789abcdef", "track"),
        (f"http://open.spotify.com/track/{ID}/", "track"),
        (f"open.spotify.com/track/{ID}", "track"),
        (f"https://open.spotify.com/intl-de/track/{ID}?si=1&nd=1", "track"),
        (f"https://open.spotify.com/intl-pt-BR/album/{ID}", "album"),
        (f"https://open.spotify.com/embed/track/{ID}?utm_source=generator", "track"),
        (f"https://open.spotify.com/embed/?uri=spotify:track:{ID}", "track"),
        (f"https://embed.spotify.com/?uri=spotify%3Aplaylist%3A{ID}", "playlist"),
        (f"https://open.spotify.com/embed-podcast/episode/{ID}", "episode"),
        (f"https://play.spotify.com/track/{ID}", "track"),
        (f"https://open.spotify.com/album/0sNOF9WDwhWunNAHPD3Baj?highlight=spotify:track:{ID}", "track"),
        (f"https://open.spotify.com/user/some.one/playlist/{ID}", "playlist"),
        (f"https://api.spotify.com/v1/tracks/{ID}", "track"),
        (f"spotify:track:{ID}", "track"),
        (f"SPOTIFY:track:{ID}", "track"),
        (f"spotify:track:{ID}?si=1", "track"),
        (f"spotify:track:{ID}#0:30", "track"),
        (f"spotify:playlist:{ID}", "playlist"),
        (f"spotify:user:some%20one:playlist:{ID}", "playlist"),
        (f"spotify:artist:{ID}", "artist"),
        (f"spotify:show:{ID}", "show"),
        (f"<https://open.spotify.com/track/{ID}>", "track"),
        (f"  {ID}\n", "track"),
    ],
)
def test_reads_every_shape_of_a_link(text: str, kind: str) -> None:
    link = parse_link(text)

    assert (link.kind, link.id) == (kind, ID)


@pytest.mark.parametrize(
    "text",
    ["spotify:collection", "spotify:user:me:collection", "https://open.spotify.com/collection/tracks"],
)
def test_liked_songs_have_links_too(text: str) -> None:
    assert parse_link(text) == SpotifyLink("liked")


def test_a_bare_id_of_spotifys_own_list_is_a_playlist() -> None:
    assert parse_link("37i9dQZF1DXcBWIGoYBM5M").kind == "playlist"


@pytest.mark.parametrize(
    "text", ["https://spotify.link/aBcDeF", "spoti.fi/3abc", "https://spotify.app.link/x"]
)
def test_a_short_link_is_never_followed_and_the_hint_says_what_to_do(text: str) -> None:
    with pytest.raises(InvalidLinkError, match="short link") as caught:
        parse_link(text)

    assert "Open it in a browser and paste" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://www.youtube.com/watch?v=abc", "link of YouTube"),
        ("https://music.apple.com/us/album/x/1?i=2", "link of Apple Music"),
        ("https://listen.tidal.com/track/1", "link of TIDAL"),
        ("https://notspotify.com/track/4uLU6hMCjMI75M1A2tKUQC", "expected a link of open.spotify.com"),
        ("https://open.spotify.com.evil.example/track/4uLU6hMCjMI75M1A2tKUQC", "expected a link of open"),
        ("https://open.spotify.com/user/someone", "someone's profile"),
        ("https://open.spotify.com/search/queen", "a page of Spotify that holds no tracks"),
        ("https://open.spotify.com/", "a page of Spotify that holds no tracks"),
        ("https://open.spotify.com/playlist/", "expected a playlist id .* got none"),
        ("https://open.spotify.com/album/abc", 'expected an album id .* got 3: "abc"'),
        ("https://[broken/track", "expected a Spotify link"),
        ("spotify:", "holds no tracks"),
        ("two words", "expected a Spotify link, URI or track id"),
        ("", "expected a Spotify link, URI or track id"),
    ],
)
def test_says_what_is_wrong_with_a_link(text: str, message: str) -> None:
    with pytest.raises(InvalidLinkError, match=message) as caught:
        parse_link(text)

    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ID[:-1], 'got 21: "4uLU6hMCjMI75M1A2tKUQ"'),
        (f"spotify:track:{ID}x", "got 23: "),
        (f"https://open.spotify.com/track/{ID[:-1]}-", f'got "-" in "{ID[:-1]}-"'),
        ("spotify:track:4uLU6hMCjMI75M1A2tKUQé", 'got "é" in'),
    ],
)
def test_a_wrong_track_id_is_named_with_its_fault(text: str, message: str) -> None:
    with pytest.raises(InvalidTrackIdError, match="expected a track id of 22 letters") as caught:
        parse_link(text)

    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://open.spotify.com/playlist/{ID}?si=1\n", SpotifyLink("playlist", ID)),
        (f"spotify:album:{ID}", SpotifyLink("album", ID)),
        (f"https://open.spotify.com/artist/{ID}", SpotifyLink("artist", ID)),
        ("liked", SpotifyLink("liked")),
        ("Liked Songs", SpotifyLink("liked")),
        (f"https://open.spotify.com/track/{ID}", None),
        (f"https://open.spotify.com/show/{ID}", None),
        (ID, None),
        (f"https://open.spotify.com/playlist/{ID}\nhttps://open.spotify.com/playlist/{ID}", None),
        (f"my list: https://open.spotify.com/playlist/{ID}", None),
        ("https://spotify.link/abc", None),
        ("Queen - Bohemian Rhapsody", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_finds_a_collection_that_is_the_whole_input(text: str, expected: SpotifyLink | None) -> None:
    assert find_collection(text) == expected


@pytest.mark.parametrize("kind", ["track", "playlist"])
def test_uri_and_url_lead_back_to_the_link(kind: str) -> None:
    link = parse_link(f"spotify:{kind}:{ID}")

    assert parse_link(link.uri) == parse_link(link.url) == link


def test_liked_songs_lead_back_too() -> None:
    assert (
        parse_link(SpotifyLink("liked").uri) == parse_link(SpotifyLink("liked").url) == SpotifyLink("liked")
    )


def test_links_that_touch_come_apart() -> None:
    url = f"https://open.spotify.com/track/{ID}"

    assert find_link_texts(f"{url}{url}, [x]({url}) and spotify:track:{ID}.") == [
        url,
        url,
        url,
        f"spotify:track:{ID}.",
    ]


def test_a_local_file_says_who_it_is() -> None:
    found = find_local("spotify:local:Sigur+R%C3%B3s:%28+%29:Untitled+%231:396")

    assert found is not None
    assert (found.artist, found.album, found.title) == ("Sigur Rós", "( )", "Untitled #1")
    assert found.duration_ms == 396_000
    assert find_local("spotify:local:::") is None
    assert find_local("https://open.spotify.com/local/A/B/C/12") is not None
