"""A resource whose provider is a class of the program, beside one of Google's."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Shouting(ResourceProvider):
    """Says what it is given in capitals."""

    def create(self, props: Mapping[str, str]) -> CreateResult:
        """Make one."""
        return CreateResult(id_="shouted", outs={**props, "shouted": props["said"].upper()})


class Shouted(Resource):
    """Something in capitals."""

    shouted: pulumi.Output[str]

    def __init__(self, name: str, said: pulumi.Input[str]) -> None:
        super().__init__(Shouting(), name, {"said": said, "shouted": None})


news = gcp.pubsub.Topic("news", name="news")
pulumi.export("shouted", Shouted("loud", news.id).shouted)
