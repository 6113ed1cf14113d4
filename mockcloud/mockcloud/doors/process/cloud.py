"""The cloud that `mock_gcp` gives: what a test asks of it beside the cloud itself."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mockcloud.cloud.cloud import Cloud

if TYPE_CHECKING:
    from mockcloud.doors.embedded.invokes import Answers
    from mockcloud.doors.embedded.preview import Progress
    from mockcloud.doors.pulumi.deploying import Program, Stack
    from mockcloud.doors.pulumi.mocks import CloudMocks


class MockCloud(Cloud):
    """A mock cloud, with the doors for Pulumi programs. Pulumi's SDK is loaded when one of them is first used."""

    def deploy(  # noqa: PLR0913 - each is a setting of its own, by keyword
        self,
        program: "Program",
        *,
        config: Mapping[str, str] | None = None,
        secret_config: Mapping[str, str] | None = None,
        project: str = "",
        stack: str = "dev",
        organization: str = "organization",
        stack_references: Mapping[str, Mapping[str, object]] | None = None,
        invokes: "Answers" = None,
        caller: str = "",
        on_progress: "Callable[[Progress], None] | None" = None,
        quiet: bool = False,
    ) -> "Stack":
        """Deploy a Pulumi program on this cloud, in this process: see `mockcloud.doors.pulumi.deploying.deploy`.

        ```python
        with mock_gcp() as cloud:
            stack = cloud.deploy(program, config={"gcp:project": "acme-dev"})
            assert stack.outputs["bucket"] == "acme-data"
            stack.destroy()
        ```
        """
        from mockcloud.doors.pulumi.deploying import deploy

        return deploy(
            self,
            program,
            config=config,
            secret_config=secret_config,
            project=project,
            stack=stack,
            organization=organization,
            stack_references=stack_references,
            invokes=invokes,
            caller=caller,
            on_progress=on_progress,
            quiet=quiet,
        )

    def mocks(self, *, project: str = "", region: str = "", zone: str = "", caller: str = "") -> "CloudMocks":
        """Give mocks for `pulumi.runtime.set_mocks` that make resources on this cloud.

        Args:
            project: Project of resources that name none; "" for the mock cloud's own.
            region: Region of those that name none.
            zone: Zone of those that name none.
            caller: Access token of the caller; "" for the cloud's owner.
        """
        from mockcloud.doors.pulumi.mocks import CloudMocks

        return CloudMocks(self, project=project, region=region, zone=zone, caller=caller)
