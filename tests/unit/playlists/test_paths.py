import pytest

from segue.playlists.paths import is_audio_path, read_path


@pytest.mark.parametrize(
    ("path", "artist", "album", "title"),
    [
        ("/music/Queen - Innuendo.mp3", "Queen", "", "Innuendo"),
        ("01 Queen - Innuendo.mp3", "Queen", "", "Innuendo"),
        ("01. Queen - Innuendo.MP3", "Queen", "", "Innuendo"),
        ("01 - Queen - Innuendo.flac", "Queen", "", "Innuendo"),
        ("Queen_-_Innuendo.ogg", "Queen", "", "Innuendo"),
        ("file:///music/Queen%20-%20Innuendo.mp3", "Queen", "", "Innuendo"),
        ("Queen - 01 - Innuendo.mp3", "Queen", "", "Innuendo"),
        ("Queen - Innuendo - 2011 Remaster.mp3", "Queen", "", "Innuendo - 2011 Remaster"),
        ("Queen - Greatest Hits II - 07 - Innuendo.m4a", "Queen", "Greatest Hits II", "Innuendo"),
        (r"D:\Music\Queen\Innuendo LP\01 Innuendo.flac", "Queen", "Innuendo LP", "Innuendo"),
        ("Music/Queen/Innuendo LP/1-01 Innuendo.m4a", "Queen", "Innuendo LP", "Innuendo"),
        ("Queen/Innuendo LP/01 - Innuendo.mp3", "Queen", "Innuendo LP", "Innuendo"),
        (r"C:\Music\Queen\05 Innuendo.mp3", "Queen", "", "Innuendo"),
        (r"C:\Queen\Innuendo.mp3", "Queen", "", "Innuendo"),
        ("/home/ada/Musik/Queen/Innuendo.mp3", "Queen", "", "Innuendo"),
        ("50 Cent - In Da Club.mp3", "50 Cent", "", "In Da Club"),
        ("01 - Innuendo.mp3", "", "", "Innuendo"),
        ("7 rings.mp3", "", "", "7 rings"),
        ("http://radio.example/stream", "", "", "stream"),
        ("", "", "", ""),
        ("///", "", "", ""),
    ],
)
def test_reads_what_file_names_say(path: str, artist: str, album: str, title: str) -> None:
    record = read_path(path)

    assert (record.artist, record.album, record.title) == (artist, album, title)


def test_knows_sound_files_by_their_ending() -> None:
    assert is_audio_path("a/b.FLAC")
    assert not is_audio_path("Queen - Mr. Bad Guy")


@pytest.mark.parametrize(
    ("path", "artist", "title", "album"),
    [
        ("../Slipknot/03 - Duality.mp3", "Slipknot", "Duality", ""),
        ("Tool/Lateralus/05%20-%20Schism.mp3", "Tool", "Schism", "Lateralus"),
        ("Pink Floyd/[1979] The Wall/CD2/06 - Hey You.mp3", "Pink Floyd", "Hey You", "The Wall"),
        ("Metallica/1991 - Metallica/08 - Nothing.flac", "Metallica", "Nothing", "Metallica"),
        ("Taylor Swift/1989/03 - Style.mp3", "Taylor Swift", "Style", "1989"),
        ("./100% Pure.mp3", "", "100% Pure", ""),
    ],
)
def test_paths_as_they_stand_on_disk(path: str, artist: str, title: str, album: str) -> None:
    found = read_path(path)
    assert (found.artist, found.title, found.album) == (artist, title, album)
