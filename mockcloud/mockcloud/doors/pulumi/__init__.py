"""The doors for Pulumi: a program deployed in this process, mocks for its unit tests, and a provider for the engine."""
