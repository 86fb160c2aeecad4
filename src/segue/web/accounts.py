"""One browser's sign-ins at streaming services: in the memory of the server, never sent to the browser."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from segue.app import find_service, save_list
from segue.errors import SignInError
from segue.services.protocol import MusicService, NewList, SavedList
from segue.types import Track


@dataclass(slots=True, repr=False)
class Accounts:
    """What a server holds of one browser. Its `repr` shows no secret, since it has none.

    `services` keep their sign-ins in memory; `users` holds who is signed in, by the service's slug, and
    `begun` the slug of the service that the browser was sent to last.
    """

    services: tuple[MusicService, ...]
    users: dict[str, str] = field(default_factory=dict)
    begun: str = ""

    def begin(self, slug: str, address: str) -> str:
        """Prepare a sign-in, and return the link for the person, who comes back to the address.

        Raises
        ------
        ServiceError
            When this server is not set up for it.

        """
        url = find_service(self.services, slug).access.begin(address)
        self.begun = slug
        return url

    def finish(self, address: str) -> None:
        """Take the answer that the service sent the browser back with.

        Raises
        ------
        SignInError
            When no sign-in was begun here, or the answer is not of it.

        """
        service = find_service(self.services, self.begun)
        made = service.access.finish(address)
        # Signed in all the same where the service does not say as whom; the name matters little.
        self.users[service.about.slug] = made.user or service.about.name

    def sign_out(self, slug: str) -> None:
        """Forget the sign-in and everything that came of it."""
        find_service(self.services, slug).access.sign_out()
        self.users.pop(slug, None)

    def require(self, slug: str) -> MusicService:
        """Return the service, where someone is signed in.

        Raises
        ------
        SignInError
            When nobody is.

        """
        service = find_service(self.services, slug)
        try:
            service.access.require()
        except SignInError:
            self.users.pop(slug, None)
            raise
        return service

    def find_user(self, slug: str) -> str | None:
        """Return who is signed in; None when nobody is, as far as this server knows."""
        try:
            self.require(slug)
        except SignInError:
            return None
        return self.users.get(slug)

    def save(self, slug: str, tracks: Sequence[Track], new: NewList) -> SavedList:
        """Make a playlist; asked again after a break, finish the one that was begun.

        Raises
        ------
        ServiceError
            When it could not be made, or not finished.

        """
        return save_list(self.require(slug), tracks, new)
