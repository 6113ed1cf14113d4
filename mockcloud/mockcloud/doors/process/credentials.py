"""Credentials of the mock cloud. They carry their session, so that a call finds its cloud from whatever thread."""

import hashlib
from collections.abc import MutableMapping, Sequence

from google.auth import credentials

from mockcloud.doors.process import sessions


class MockCredentials(credentials.CredentialsWithQuotaProject, credentials.Scoped, credentials.Signing):
    """Credentials of a caller in one cloud. They are valid at once and never expire.

    Args:
        token: Access token that leads to the cloud.
        member: Who calls, as IAM names it.
        quota_project: Project that is charged; None for the resource's.
        scopes: OAuth scopes that were asked for.
        default_scopes: OAuth scopes of the client that asked.
    """

    def __init__(
        self,
        token: str,
        member: str,
        quota_project: str | None = None,
        scopes: Sequence[str] | None = None,
        default_scopes: Sequence[str] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._given = token
        self.token = token
        self.member = member
        self._quota_project_id = quota_project
        self._scopes = scopes
        self._default_scopes = default_scopes

    @property
    def service_account_email(self) -> str:
        """E-mail address of the caller."""
        return self.member.partition(":")[2]

    @property
    def signer_email(self) -> str:
        """E-mail address of whoever signs: the caller."""
        return self.service_account_email

    @property
    def signer(self) -> "MockCredentials":
        """What signs: the credentials themselves."""
        return self

    @property
    def key_id(self) -> str:
        """Name of the key that signs."""
        return "mock"

    def sign(self, message: bytes) -> bytes:
        """As `sign_bytes`."""
        return self.sign_bytes(message)

    def sign_bytes(self, message: bytes) -> bytes:
        """Sign, as the mock cloud's addresses are signed: the same message gives the same bytes. It proves nothing."""
        return hashlib.sha256(self.member.encode() + b"\0" + message).digest()

    @property
    def requires_scopes(self) -> bool:
        """No scopes are needed."""
        return False

    def refresh(self, request: object) -> None:
        """Take the same token again."""
        del request
        self.token = self._given

    def apply(self, headers: MutableMapping[str, str], token: str | None = None) -> None:
        """Put the token into the headers of a call, by whatever transport.

        Raises:
            NoCloud: The cloud is closed and no other is open, so that the call would go to the real Google.
        """
        if not sessions.OPEN:
            sessions.refuse_closed(f"Bearer {token or self.token}")
        super().apply(headers, token)  # type: ignore[no-untyped-call]

    def with_scopes(
        self, scopes: Sequence[str] | None, default_scopes: Sequence[str] | None = None
    ) -> "MockCredentials":
        """Give credentials with these scopes."""
        return MockCredentials(self._given, self.member, self._quota_project_id, scopes, default_scopes)

    def with_quota_project(self, quota_project_id: str | None) -> "MockCredentials":
        """Give credentials that charge a project."""
        return MockCredentials(self._given, self.member, quota_project_id, self._scopes, self._default_scopes)
