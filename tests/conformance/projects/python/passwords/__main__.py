"""A resource of another package beside one of Google's, with neither that package's SDK nor its provider at hand."""

import pulumi
import pulumi_gcp as gcp


class RandomPassword(pulumi.CustomResource):
    """What `pulumi_random.RandomPassword` registers."""

    def __init__(self, name: str, length: int) -> None:
        super().__init__(
            "random:index/randomPassword:RandomPassword",
            name,
            {"length": length},
            pulumi.ResourceOptions(version="4.16.0"),
        )


gcp.pubsub.Topic("news", name="news")
RandomPassword("password", 12)
