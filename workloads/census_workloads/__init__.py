"""A pipeline that predicts income from the UCI Adult data: ingest, validate, train, evaluate, gate, register."""
