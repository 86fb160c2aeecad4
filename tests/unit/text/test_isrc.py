import pytest

from segue.text.isrc import find_isrc


@pytest.mark.parametrize(
    "text",
    [
        "GBUM71029604",
        "gbum71029604",
        "GB-UM7-10-29604",
        " GB UM7 10 29604 ",
        "ISRC GB-UM7-10-29604",
        "isrc:GBUM71029604",
    ],
)
def test_one_shape(text: str) -> None:
    assert find_isrc(text) == "GBUM71029604"


@pytest.mark.parametrize(
    "text", ["", "nan", "GBUM7102960", "GBUM710296044", "1BUM71029604", "GBUM7102960X", "ＧＢUM71029604"]
)
def test_no_code(text: str) -> None:
    assert find_isrc(text) == ""
