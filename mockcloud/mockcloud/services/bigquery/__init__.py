"""BigQuery: datasets, tables, jobs, rows, routines.

Rows and queries are a small local simulation: DuckDB runs what sqlglot makes of a query. There is no BigQuery ML, no
scripting and no row-level security in it. Behaviour as https://cloud.google.com/bigquery/docs/reference/rest tells it
(2026-11).
"""

from mockcloud.services.bigquery import datasets, jobs, policies, results, routines, tabledata, tables
from mockcloud.services.bigquery.service import SERVICE

__all__ = ["SERVICE", "datasets", "jobs", "policies", "results", "routines", "tabledata", "tables"]
