"""Settings of serving: endpoints and what is to be deployed on them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from blueprint.settings.base import Section
from blueprint.settings.data import DataClassName


class DeploymentSettings(Section):
    """One version of a model."""

    model: str
    """The model's id in the registry."""
    version: str
    """The version's number or alias."""
    traffic: int
    """Share of requests in per cent; those of an endpoint sum to 100."""


class ExplanationMethodSettings(Section):
    """How predictions are explained, in batches of logged requests."""

    method: Literal["sampled-shapley", "integrated-gradients", "xrai"] = "sampled-shapley"
    """How features are given their part of a prediction."""
    samples: int = 10
    """Paths or steps: more is closer and costs more."""


class EndpointSettings(Section):
    """An endpoint inside the network, and the contract of what is deployed on it."""

    account: str
    """Name of the identity that models run as."""
    owner: str
    """Who answers for the models, such as group:ml@acme.test."""
    data_class: DataClassName
    """How sensitive requests and answers are."""
    address: str | None = None
    """Address of the endpoint inside the network; Google picks one that is free where it is not given."""
    service_attachment: str | None = None
    """What the endpoint publishes once a model is deployed, projects/…/regions/…/serviceAttachments/…: give it then, so
    that the network connects to it."""
    request_log: str | None = None
    """Name of the warehouse that keeps requests and answers."""
    explanation: ExplanationMethodSettings | None = None
    """How predictions are explained."""
    deployments: dict[str, DeploymentSettings] = Field(default_factory=dict)
    """What is deployed, by name; the contract that the deploying workload obeys."""
    contacts: list[str] = Field(default_factory=list)
    """E-mail addresses that are told of slow or failing answers."""
    review: str | None = None
    """Name of the review that the models answer to."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data that is used."""
    purpose: str | None = None
    """What the models are for: one of the uses that the review and the agreements allow."""
    trained_by: list[str] = Field(default_factory=list)
    """Names of what the models are trained in, of pipelines and of training; both, where both have the name."""
    callers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that ask for predictions."""
    deployers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that deploy models."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that models are deployed from, by their images."""
