from segue.web import sessions
from segue.web.sessions import Sessions


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_session_lives_while_it_is_used() -> None:
    clock = Clock()
    kept = Sessions(tuple, clock)
    session = kept.create()
    clock.now += sessions.LIFETIME - 1
    assert kept.find(session.key) is session
    clock.now += sessions.LIFETIME - 1
    assert kept.find(session.key) is session
    clock.now += sessions.LIFETIME + 1
    assert kept.find(session.key) is None
    assert len(kept) == 0


def test_the_longest_unused_make_room() -> None:
    kept = Sessions(tuple)
    first = kept.create()
    second = kept.create()
    for _ in range(sessions.MAX_SESSIONS - 1):
        kept.find(first.key)
        kept.create()
    assert len(kept) == sessions.MAX_SESSIONS
    assert kept.find(first.key) is first
    assert kept.find(second.key) is None


def test_keys_cannot_be_guessed_or_read() -> None:
    kept = Sessions(tuple)
    session = kept.create()
    assert len(session.key) >= 40
    assert session.key not in repr(session)
    assert kept.find("") is None
    kept.end(session.key)
    assert kept.find(session.key) is None
