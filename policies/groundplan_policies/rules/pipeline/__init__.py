"""Controls on compiled pipelines, and on the jobs that run them."""
