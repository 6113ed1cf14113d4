"""Asks Google Cloud, with the credentials of whoever runs the command. It reads, and cannot do anything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from groundplan_cli.errors import Error

SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
SECONDS: Final = 30.0
"""How long an answer may take."""

_QUESTIONS: Final = ("testIamPermissions", "getIamPolicy", "entries:list", "effectivePolicies:batchGet")
"""Ends of paths whose methods only read, though they are sent by POST."""


class Response(Protocol):
    """An answer, as far as it is used here."""

    @property
    def status_code(self) -> int:
        """HTTP status."""

    @property
    def content(self) -> bytes:
        """Body."""


class Session(Protocol):
    """Sends requests with credentials: `google.auth.transport.requests.AuthorizedSession`."""

    def request(
        self,
        method: str,
        url: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        timeout: float,
    ) -> Response:
        """Send a request."""


@dataclass(frozen=True)
class Google:
    """Google's APIs.

    Attributes:
        session: What sends.
        member: Who calls, as IAM names it; "" where the credentials do not say.
    """

    session: Session
    member: str = ""

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a question.

        Raises:
            Error: It is none, but would change something; or Google cannot be reached.
        """
        if verb != "GET" and not (verb == "POST" and path.endswith(_QUESTIONS)):
            raise Error(
                "A call would change something",
                given=f"{verb} {host}{path}",
                allowed="calls that only read",
                remedy="report it: this command must not change anything",
            )
        url = f"https://{host}{path}" + (f"?{query}" if query else "")
        try:
            found = self.session.request(
                verb, url, data=body or None, headers={"Content-Type": media} if body else {}, timeout=SECONDS
            )
        except Exception as error:
            if isinstance(error, _failures()):
                raise _unreachable(host, error) from error
            raise
        return found.status_code, found.content

    def wait(self, seconds: float) -> None:
        """Do nothing: what only reads has nothing to wait for."""

    def now(self) -> datetime:
        """Give the time, in UTC."""
        return datetime.now(UTC)


def google() -> Google:
    """Find the user's credentials, as Google's clients do.

    Raises:
        Error: There are none.
    """
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError
    from google.auth.transport.requests import AuthorizedSession

    try:
        credentials, _ = google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError as error:
        raise Error(
            "There are no credentials for Google Cloud",
            given="no application default credentials",
            allowed="those of a user or of a service account",
            remedy="log in: gcloud auth application-default login\n(or ask a mock cloud: --mock)",
        ) from error
    email = str(getattr(credentials, "service_account_email", "") or "")
    account = str(getattr(credentials, "account", "") or "")
    member = f"serviceAccount:{email}" if "@" in email else f"user:{account}" if account else ""
    session: Session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call] # the library has no types here
    return Google(session, member)


def _failures() -> tuple[type[Exception], ...]:
    from google.auth.exceptions import GoogleAuthError
    from requests import RequestException

    return GoogleAuthError, RequestException


def _unreachable(host: str, error: Exception) -> Error:
    return Error(
        "Google Cloud does not answer",
        given=f"{host} ({type(error).__name__}: {error})",
        allowed="a network that reaches it, and credentials that hold",
        remedy="check the network, or log in again: gcloud auth application-default login",
    )
