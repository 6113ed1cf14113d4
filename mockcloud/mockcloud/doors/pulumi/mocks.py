"""Mocks for Pulumi's own unit tests (`pulumi.runtime.set_mocks`), answered by a mock cloud."""

from typing import Any

from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.rules.chain import Rule
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.pulumi.transport import InProcess
from mockcloud.errors import Error
from mockcloud.pulumi.api import Api
from mockcloud.pulumi.lifecycle import Place, Settings
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.provider import Provider, ProviderError

_PREFIX = "gcp:"


class CloudMocks(Mocks):
    """Makes what a program registers on a mock cloud, and gives back what the cloud answers.

    Pulumi's mocks hand over no provider, so the settings of explicit providers do not count: every resource is made
    with the settings given here.

    Args:
        cloud: The cloud.
        project: Project of resources that name none; "" for the mock cloud's own.
        region: Region of those that name none.
        zone: Zone of those that name none.
        caller: Access token of the caller; "" for the cloud's owner.
    """

    def __init__(self, cloud: Cloud, *, project: str = "", region: str = "", zone: str = "", caller: str = "") -> None:
        place = Place(Api(InProcess(cloud, caller)), Settings(project or DEFAULT_PROJECT, region, zone))
        self._provider = Provider(place, strict=cloud.rules.on(Rule.AUTHENTICATION))

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """Make a resource, or read one that the program gets by its id.

        Raises:
            ProviderError: The inputs are wrong, or the cloud refuses.
        """
        if not args.typ.startswith(_PREFIX):
            return f"{args.name}-id", dict(args.inputs)
        if args.resource_id:
            found = self._provider.read(args.typ, args.resource_id, {}, {})
            if found is None:
                raise ProviderError(
                    f"There is no {args.typ} of this id",
                    given=args.resource_id,
                    allowed="the id of a resource that is in the cloud",
                    remedy="make it first, or mend the id",
                )
            return found[0].id, found[0].outputs
        checked = self._provider.check(args.typ, args.inputs, {}, Naming(args.name, args.name.encode()))
        if checked.failures:
            raise ProviderError(
                f"{args.typ} {args.name!r} has inputs that are wrong",
                given="; ".join(map(str, checked.failures)),
                allowed="the properties of the type, as the messages say",
                remedy="mend what is named",
            )
        state = self._provider.create(args.typ, checked.inputs, f"{args.typ}::{args.name}")
        return state.id, state.outputs

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]]]:
        """Answer a function from the cloud; one that it cannot answer fails, as Pulumi has it for mocks.

        A function of another package gives back its arguments.
        """
        if not args.token.startswith(_PREFIX):
            return dict(args.args), []
        try:
            return self._provider.invoke(args.token, args.args), []
        except Error as error:
            return {}, [("", str(error))]
