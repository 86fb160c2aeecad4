import pytest
from hypothesis import given
from hypothesis import strategies as st

from segue.web.spotify_ids import derive_id, find_hash, from_base62, to_base62


@given(st.integers(0, 2**64 - 1))
def test_an_id_leads_back(hashed: int) -> None:
    own = derive_id("artist", hashed)
    assert len(own) == 22
    assert own.isalnum()
    assert find_hash("artist", own) == hashed
    assert find_hash("album", own) is None


@given(st.integers(0, 2**128 - 1))
def test_base_62_round_trip(number: int) -> None:
    assert from_base62(to_base62(number)) == number


@pytest.mark.parametrize("theirs", ["4NHQUGzhtTLFvgF5SZesLK", "Z" * 22])
def test_spotifys_own_ids_are_none_of_ours(theirs: str) -> None:
    assert find_hash("artist", theirs) is None


@pytest.mark.parametrize("wrong", ["", "x", "ß" * 22, "4NHQUGzhtTLFvgF5SZesL!"])
def test_what_is_no_id(wrong: str) -> None:
    with pytest.raises(ValueError, match="22 characters"):
        from_base62(wrong)
