"""What every endpoint works with: one value, made when the server starts."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from segue.config import Settings
from segue.web.engine import Engine
from segue.web.metrics import Metrics
from segue.web.options import ServeOptions, Tokens
from segue.web.sessions import SESSION_COOKIE, Session, Sessions


@dataclass(slots=True)
class Service:
    """The parts of one server. `tokens` is replaced as a whole on a reload; all else stays."""

    engine: Engine
    settings: Settings
    options: ServeOptions
    sessions: Sessions
    metrics: Metrics = field(default_factory=Metrics)
    tokens: Tokens = field(default_factory=Tokens)

    def reload(self) -> int:
        """Read the token file again, and put the current catalogue and model in service.

        Raises
        ------
        SegueError
            When either cannot be used; then everything stays as it was.

        """
        tokens = Tokens.read(self.options.token_file) if self.options.token_file else Tokens()
        generation = self.engine.reload()
        self.tokens = tokens
        return generation


def get_service(request: Request) -> Service:
    """Return the service of the application that answers this request."""
    service = request.app.state.service
    if not isinstance(service, Service):
        raise TypeError(f"expected a Service, got {type(service).__name__}")
    return service


def find_session(request: Request) -> Session | None:
    """Return the session of the browser that sent this request."""
    return get_service(request).sessions.find(request.cookies.get(SESSION_COOKIE, ""))


ServiceDep = Annotated[Service, Depends(get_service)]
SessionDep = Annotated[Session | None, Depends(find_session)]
