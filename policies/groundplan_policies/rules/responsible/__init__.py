"""Controls on responsible AI: what is declared of models and data, and what in the deployment bears it out."""
