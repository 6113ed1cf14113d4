"""A build file as a trigger holds it, with the trigger's own say on where it runs and where it logs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.cicd.trigger_arguments import BuildTriggerArgs

_Build = gcp.cloudbuild.TriggerBuildArgs
_Step = gcp.cloudbuild.TriggerBuildStepArgs


def inline(args: BuildTriggerArgs) -> gcp.cloudbuild.TriggerBuildArgs | None:
    """Return the build to write into the trigger; None where it is a file of the repository."""
    if args.build is None:
        return None
    content = args.build.content
    return _Build(
        steps=[_step(step) for step in args.build.steps],
        substitutions={**args.build.substitutions, **args.substitutions} or None,
        images=list(content.get("images", ())) or None,
        artifacts=_artifacts(content["artifacts"]) if "artifacts" in content else None,
        tags=[*content.get("tags", ()), *args.tags] or None,
        timeout=f"{args.timeout_minutes * 60}s",
        logs_bucket=pulumi.Output.concat("gs://", args.logs.bucket_name) if args.logs is not None else None,
        available_secrets=gcp.cloudbuild.TriggerBuildAvailableSecretsArgs(
            secret_managers=[
                gcp.cloudbuild.TriggerBuildAvailableSecretsSecretManagerArgs(env=name, version_name=version)
                for name, version in sorted(args.secrets.items())
            ]
        )
        if args.secrets
        else None,
        options=options(args),
    )


def options(args: BuildTriggerArgs) -> gcp.cloudbuild.TriggerBuildOptionsArgs:
    """Return where a build runs, where it logs, and that its provenance is written down."""
    return gcp.cloudbuild.TriggerBuildOptionsArgs(
        worker_pool=args.pool.pool_id if args.pool is not None else None,
        # An account of one's own may not use Google's default bucket for logs.
        logging="GCS_ONLY" if args.logs is not None else "CLOUD_LOGGING_ONLY",
        requested_verify_option="VERIFIED",
        source_provenance_hashes=["SHA256"],
        substitution_option="MUST_MATCH",
        envs=[pulumi.Output.concat(name, "=", value) for name, value in sorted(args.variables.items())] or None,
    )


def _step(step: Mapping[str, Any]) -> gcp.cloudbuild.TriggerBuildStepArgs:
    return _Step(
        name=step["name"],
        id=step.get("id"),
        entrypoint=step.get("entrypoint"),
        args=[str(argument) for argument in step["args"]] if "args" in step else None,
        script=step.get("script"),
        dir=step.get("dir"),
        envs=list(step.get("env", ())) or None,
        secret_envs=list(step.get("secretEnv", ())) or None,
        timeout=step.get("timeout"),
        wait_fors=list(step.get("waitFor", ())) or None,
        volumes=[
            gcp.cloudbuild.TriggerBuildStepVolumeArgs(name=volume["name"], path=volume["path"])
            for volume in step.get("volumes", ())
        ]
        or None,
    )


def _artifacts(artifacts: Mapping[str, Any]) -> gcp.cloudbuild.TriggerBuildArtifactsArgs:
    objects = artifacts.get("objects")
    return gcp.cloudbuild.TriggerBuildArtifactsArgs(
        images=list(artifacts.get("images", ())) or None,
        objects=gcp.cloudbuild.TriggerBuildArtifactsObjectsArgs(
            location=objects["location"], paths=list(objects["paths"])
        )
        if objects
        else None,
        python_packages=[
            gcp.cloudbuild.TriggerBuildArtifactsPythonPackageArgs(
                repository=package["repository"], paths=list(package["paths"])
            )
            for package in artifacts.get("pythonPackages", ())
        ]
        or None,
    )
