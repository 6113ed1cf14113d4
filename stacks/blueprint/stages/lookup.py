"""What stages find of earlier ones, typed."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Stage


def network(context: Context) -> gp.NetworkRef:
    """Return the platform's network."""
    return context.find("network", gp.NetworkRef, gp.Exports.network, Stage.PLATFORM)


def keys(context: Context) -> gp.KeyRingRef | None:
    """Return the foundation's keys; None where the tier leaves them to Google and nobody named any."""
    if not context.has("keys") and not context.env.defaults.customer_managed_keys:
        return None
    return context.find("keys", gp.KeyRingRef, gp.Exports.keys, Stage.FOUNDATION)


def account(context: Context, who: str) -> gp.AccountRef | str:
    """Return who is given access: a principal as it is, or the account of the identity of that name."""
    return who if ":" in who else identity(context, who)


def identity(context: Context, name: str) -> gp.AccountRef:
    """Return the account of an identity."""
    return context.find(f"account-{name}", gp.AccountRef, gp.Exports.account, Stage.PLATFORM)


def dataset(context: Context, name: str) -> gp.DatasetRef:
    """Return a warehouse's dataset."""
    return context.find(f"dataset-{name}", gp.DatasetRef, gp.Exports.dataset, Stage.PLATFORM)


def bucket(context: Context, name: str) -> gp.BucketRef:
    """Return a bucket."""
    return context.find(f"bucket-{name}", gp.BucketRef, gp.Exports.bucket, Stage.PLATFORM)


def attachment(context: Context) -> gp.NetworkAttachmentRef:
    """Return the network's way in for jobs and builds that run at Google."""
    return context.find("attachment", gp.NetworkAttachmentRef, gp.Exports.network_attachment, Stage.PLATFORM)


def repository(context: Context, name: str) -> gp.ImageRepositoryRef:
    """Return a repository of images, packages or pipelines."""
    return context.find(f"repository-{name}", gp.ImageRepositoryRef, gp.Exports.image_repository, Stage.PLATFORM)


def code(context: Context, connection: str, name: str) -> gp.SourceRepositoryRef:
    """Return a repository of source code."""
    return context.find(
        f"code-{connection}-{name}", gp.SourceRepositoryRef, gp.Exports.source_repository, Stage.PLATFORM
    )


def agreement(context: Context, name: str) -> gp.AgreementRef:
    """Return an agreement on the use of data."""
    return context.find(f"agreement-{name}", gp.AgreementRef, gp.Exports.agreement, Stage.PLATFORM)


def review(context: Context, name: str | None) -> gp.ReviewRef | None:
    """Return the review of a name, or None where none is named."""
    if name is None:
        return None
    return context.find(f"review-{name}", gp.ReviewRef, gp.Exports.review, Stage.PLATFORM)


def endpoint(context: Context, name: str) -> gp.OnlineEndpointRef:
    """Return an endpoint that serves predictions."""
    return context.find(f"endpoint-{name}", gp.OnlineEndpointRef, gp.Exports.online_endpoint, Stage.TEAM)


def trainings(context: Context, name: str) -> tuple[gp.PipelineEnvironmentRef | gp.TrainingPoolRef, ...]:
    """Return the pipelines and the training pool of a name, of which there is at least one."""
    found: list[gp.PipelineEnvironmentRef | gp.TrainingPoolRef] = []
    pool = f"training-{name}"
    if context.has(f"pipelines-{name}"):
        found.append(context.find(f"pipelines-{name}", gp.PipelineEnvironmentRef, gp.Exports.pipelines, Stage.TEAM))
    if context.has(pool) or not found:
        found.append(context.find(pool, gp.TrainingPoolRef, gp.Exports.training_pool, Stage.TEAM))
    return tuple(found)


def reservation(context: Context, name: str) -> gp.ReservationRef:
    """Return machines that are kept for us."""
    return context.find(f"reservation-{name}", gp.ReservationRef, gp.Exports.reservation, Stage.TEAM)


def build_pool(context: Context) -> gp.BuildPoolRef | None:
    """Return the workers for builds in the network, where there are any."""
    if not context.has("build-pool"):
        return None
    return context.find("build-pool", gp.BuildPoolRef, gp.Exports.build_pool, Stage.PLATFORM)


def attestor(context: Context) -> gp.AttestorRef | None:
    """Return who signs images, where images are signed."""
    if not context.has("attestor"):
        return None
    return context.find("attestor", gp.AttestorRef, gp.Exports.attestor, Stage.FOUNDATION)
