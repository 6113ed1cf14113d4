"""Credentials of the mock cloud. They carry their session, so that a call finds its cloud from whatever thread."""

from collections.abc import Sequence

from google.auth import credentials

from mockcloud.cloud.callers import OWNER
from mockcloud.doors.process.sessions import Session


class MockCredentials(credentials.CredentialsWithQuotaProject, credentials.Scoped):
    """Credentials of a caller in one cloud. They are valid at once and never expire.

    Args:
        token: Access token that leads to the cloud.
        member: Who calls, as IAM names it.
        quota_project: Project that is charged; None for the resource's.
    """

    def __init__(self, token: str, member: str, quota_project: str | None = None) -> None:
        super().__init__()
        self.token = token
        self.member = member
        self._quota_project_id = quota_project
        self._scopes: Sequence[str] | None = None
        self._default_scopes: Sequence[str] | None = None

    @property
    def service_account_email(self) -> str:
        """E-mail address of the caller."""
        return self.member.partition(":")[2]

    @property
    def requires_scopes(self) -> bool:
        """No scopes are needed."""
        return False

    def refresh(self, request: object) -> None:
        """Do nothing: the token stays as it is."""

    def with_scopes(
        self, scopes: Sequence[str] | None, default_scopes: Sequence[str] | None = None
    ) -> "MockCredentials":
        """Give credentials with these scopes."""
        made = MockCredentials(self.token, self.member, self._quota_project_id)
        made._scopes, made._default_scopes = scopes, default_scopes
        return made

    def with_quota_project(self, quota_project_id: str | None) -> "MockCredentials":
        """Give credentials that charge a project."""
        made = MockCredentials(self.token, self.member, quota_project_id)
        made._scopes, made._default_scopes = self._scopes, self._default_scopes
        return made


def credentials_of(session: Session, member: str = OWNER.member) -> MockCredentials:
    """Give credentials of a caller in a session's cloud."""
    return MockCredentials(session.token(member), member)
