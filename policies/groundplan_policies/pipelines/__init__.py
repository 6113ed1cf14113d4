"""Compiled pipelines: read, walked into, and asked which task surely comes before which.

A pipeline is a PipelineSpec, the form into which the Kubeflow Pipelines SDK compiles and that Vertex AI Pipelines runs
(github.com/kubeflow/pipelines, api/v2alpha1/pipeline_spec.proto).
"""
