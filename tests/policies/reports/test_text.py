"""The text is what people read: the first test shows all of it."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.levels import Level
from groundplan_policies.reports.layout import WIDEST
from groundplan_policies.reports.text import MOST_KINDS, MOST_RESOURCES, decisive_text, text
from tests.policies.reports.sample import FRAMEWORK, PUBLIC, bucket, clean, made, resources

WHOLE = """\
Guardrails: dev is not clean

  checked      a preview by the embedded engine with 9 resources, the whole
               deployment (sha256 2ad8a7049d7c…)
  proves       what the program asks for. Values that a deployment computes are
               not known yet, and what is made of them later is not in the
               document: check again what exists after the deployment.
  settings     acme (on top of team), as of 2026-06-15; blocking findings fail
               the check
  framework    Our own framework 1: only its controls, and those on ways around

  resources    7 evaluated · 1 skipped · 0 reviewed without a rule · 1 unknown
  controls     5 asked, 1 off: 1 at fault · 3 fail · 1 declared
  answers      12 of controls on resources: 4 fail · 1 indeterminate · 1 waived
               · 1 declared · 5 pass

Critical  3 findings of 1 control

  TST-01  Buckets prevent public access
    One grant makes every object readable <b>for years</b>, as `allUsers` is a
    word.
    fails: publicAccessPrevention: is not enforced (inherited)
      - logs-public (storage.Bucket) storage.py:12
    fails: publicAccessPrevention: is absent; expected is enforced
      - logs-open (storage.Bucket) storage.py:14
    indeterminate: publicAccessPrevention: is a secret, so nobody can see what
        it is
      - logs-hidden (storage.Bucket)
    To do: Use DataBucket, or set `public_access_prevention` to `enforced`.

High  1 finding of 1 control

  TST-03  There is an archive
    Who did what is kept nowhere else.
    fails: has no archive
      - the stack as a whole
    To do: Use LogArchive.

Medium (advisory)  1 finding of 1 control

  TST-02  Buckets use uniform access
    Lists of single objects are seen by nobody.
    fails: uniformBucketLevelAccess: is not true (false)
      - logs-open (storage.Bucket) storage.py:14
    To do: Set `uniform_bucket_level_access`.

Faults of rules: no pass, and no waiver helps  1
  TST-05  ValueError, for logs-key

Types that nobody has reviewed  1
  strange:index:Thing  ×1

Wrong with waivers  1
  WVR-03  The waiver silences nothing (TST-02 on shop-dev, waivers.dev.yaml:14).
          Remove it: there is no such finding.

Waived: not satisfied, and let through for a while  1
  TST-01  logs-waived until 2026-06-25: The site is public. (SEC-7; owner
          data@acme.test; approver ciso@acme.test)

Declared: somebody says so, and nothing contradicts it  1
  TST-04  Datasets name an owner: 1 resource. labels.owner: says who owns it

Settings that ask less than the tier  2
  TST-06 from block to off. ann: not here
  medium from block to warn (guardrails.yaml:4). nobody says why

Our own framework 1  4 clauses: 1 met · 1 partly met · 1 not met · 1 not covered
  1.1  not met     Nothing is public (TST-01)
  1.2  partly met  Nothing was public (TST-01) The past.

Not clean: 4 findings of 2 controls, 1 fault of a rule, 1 resource type that
nobody has reviewed. Exit code 1.
"""


def test_the_report_reads_like_a_review() -> None:
    assert text(made(framework=FRAMEWORK), width=80) == WHOLE


@pytest.mark.parametrize("width", [72, 80, 160])
def test_lines_fit(width: int) -> None:
    lines = text(made(framework=FRAMEWORK), width=width).splitlines()

    assert [line for line in lines if len(line) > min(width, WIDEST)] == []


def test_a_clean_report_says_so_first_and_last() -> None:
    lines = text(clean()).splitlines()

    assert lines[0] == "Guardrails: dev is clean"
    assert lines[-1] == "Clean. Exit code 0."


def test_a_clean_report_counts_what_is_advisory() -> None:
    report = made(*resources()[:2], with_waivers=(), settings=replace(made().settings, layers=({"all": Level.WARN},)))

    assert "Critical (advisory)" in text(report)
    assert text(report).splitlines()[-1] == "Clean; 4 advisory findings. Exit code 0."


def test_many_resources_with_one_reason_are_counted_and_all_lists_them() -> None:
    number = MOST_RESOURCES + 3
    report = made(*(bucket(f"b-{each}", PUBLIC) for each in range(number)), with_waivers=())

    short, whole = text(report), text(report, every=True)

    assert "- b-4 (" in short
    assert "- b-5 (" not in short
    assert "… and 3 more resources: --all lists every one" in short
    assert "- b-7 (" in whole
    assert "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::b-7" in whole
    assert "--all" not in whole


def test_as_many_as_fit_are_not_counted() -> None:
    report = made(*(bucket(f"b-{each}", PUBLIC) for each in range(MOST_RESOURCES)), with_waivers=())

    assert "more resource" not in text(report)


def test_many_reasons_of_one_control_are_counted() -> None:
    number = MOST_KINDS + 2
    buckets = (bucket(f"b-{each}", {"publicAccessPrevention": f"way_{each}"}) for each in range(number))
    report = made(*buckets, with_waivers=())

    assert "way_5" in text(report)
    assert "way_6" not in text(report)
    assert "… and 2 more resources: --all lists every one" in text(report)
    assert "way_7" in text(report, every=True)


def test_without_unicode_the_text_is_ascii() -> None:
    report = made(bucket("größe-ação", PUBLIC), with_waivers=(), subject="dév")

    found = text(report, unicode=False)

    assert found.isascii()
    assert "gr\\xf6\\xdfe" in found
    assert "größe" in text(report)


def test_gaps_of_the_document_are_said() -> None:
    report = made()
    report = replace(report, evaluation=replace(report.evaluation, gaps=("no stack at its root",)))

    assert "incomplete   no stack at its root. What would speak against a pass may be missing." in text(report)
    assert "the whole deployment" not in text(report)


def test_what_decides_stands_alone_for_a_failing_test() -> None:
    found = decisive_text(made())

    assert found.startswith("Critical  3 findings of 1 control\n")
    assert "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs-public" in found
    assert "advisory" not in found
    assert found.splitlines()[-1].startswith("Not clean: 4 findings of 2 controls")
    assert decisive_text(clean()) == "\nClean. Exit code 0.\n"


def test_with_warn_the_advisory_ones_decide() -> None:
    found = text(made(level=Level.WARN))

    assert "advisory findings fail the check too" in found
    assert "Medium  1 finding of 1 control" in found
    assert "5 findings of 3 controls" in found
