"""An agreement on the use of data: for what, how long, where, by whom; the constructs that hold the data obey it."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import pulumi

from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.names import limit
from groundplan.core.references import AgreementRef, AgreementTerms, BucketRef, ExistingAgreement
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.governance.checks import check_days, check_named
from groundplan.governance.documents import SCHEMA_VERSION, DocumentReference, digest_of, keep_record, record

_TEXT: Final = 4000
_MOST_DAYS: Final = 3650
_DIGEST: Final = r"sha256:[0-9a-f]{64}"
_URN: Final = r"urn:pulumi:\S+"
_MULTI_REGIONS: Final = ("EU", "US")
_FIELD_KINDS: Final = ("identifier", "date", "sensitive")


class LawfulBasis(enum.StrEnum):
    """On what ground personal data may be processed: Article 6(1) of Regulation (EU) 2016/679 (GDPR)."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTERESTS = "vital-interests"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTERESTS = "legitimate-interests"


class PersonalData(enum.StrEnum):
    """A kind of data about people."""

    PII = "pii"
    """Tells who somebody is, or could."""
    PHI = "phi"
    """About somebody's health."""
    FINANCIAL = "financial"
    """About somebody's money."""
    LOCATION = "location"
    """Where somebody is or was."""
    BIOMETRIC = "biometric"
    """Measured at somebody's body."""


@dataclass(frozen=True, kw_only=True)
class DataUseAgreementArgs(Args):
    """What a ``DataUseAgreement`` takes."""

    bucket: BucketRef
    """Bucket that keeps the agreement."""
    owner: str
    """Who answers for the data and may always have access, as an e-mail address, ``user:`` or ``group:``."""
    purposes: tuple[str, ...]
    """What the data may be used for, as slugs: ``credit-scoring``."""
    data_class: DataClass
    """How sensitive the data is; nothing that holds it is of a laxer class."""
    retention_days: int
    """Days after which it is deleted, 1 to 3,650; where it is personal at most what its class allows."""
    residency: tuple[str, ...]
    """Regions, or ``EU`` and ``US``, that the data may be in."""
    consumers: tuple[str, ...]
    """Principals who may be given access to the data: groups, people, service accounts."""
    origin: str
    """Where the data comes from."""
    collection: str
    """How it was collected."""
    known_bias: str
    """Whom it leaves out or shows wrongly, as far as is known."""
    collected: str
    """Day on which the collection ended, as 2026-10-31."""
    agreed: str
    """Day of the agreement."""
    expires: str
    """Day on which it ends."""
    personal_data: tuple[PersonalData, ...] = ()
    """Kinds of personal data in it; none says that it is not about people."""
    personal_fields: Mapping[str, Literal["identifier", "date", "sensitive"]] = field(default_factory=dict)
    """Columns that are about somebody, and what they say: a ``Warehouse`` masks columns of these names."""
    lawful_basis: LawfulBasis | None = None
    """On what ground personal data may be processed; needed where there is any."""
    data_sheet: DocumentReference | None = None
    """What the data is, how it came to be, and what it is not good for."""

    @property
    def agreement(self) -> dict[str, object]:
        """The agreement as it is kept and as rules read it."""
        return record(self, "bucket")

    @property
    def terms(self) -> AgreementTerms:
        """What constructs obey."""
        return AgreementTerms(
            owner=self.owner,
            purposes=self.purposes,
            data_class=self.data_class,
            personal_data=tuple(kind.value for kind in self.personal_data),
            personal_fields=self.personal_fields,
            retention_days=self.retention_days,
            residency=self.residency,
            consumers=self.consumers,
        )

    def declared(self) -> dict[str, Any]:
        """Return what the construct says of itself in the deployment document."""
        agreement = self.agreement
        return {
            **super().declared(),
            "schemaVersion": SCHEMA_VERSION,
            "digest": digest_of(agreement),
            "agreement": agreement,
        }

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("bucket", self.bucket, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        checks.person("owner", self.owner)
        check_named(checks, "purposes", self.purposes, "use")
        for index, purpose in enumerate(self.purposes):
            checks.slug(f"purposes[{index}]", purpose)
        for name, what in (
            ("origin", "where the data comes from"),
            ("collection", "how it was collected"),
            ("known_bias", "whom it leaves out or shows wrongly"),
        ):
            checks.text(name, getattr(self, name), _TEXT, what)
        checks.day("collected", self.collected)
        check_days(checks, self, "agreed", "expires")
        self._check_places(checks)
        self._check_consumers(checks)
        if self.data_sheet is not None and checks.instance(
            "data_sheet", self.data_sheet, DocumentReference, "a DocumentReference"
        ):
            self.data_sheet.check(checks, "data_sheet")
        kept = checks.within("retention_days", self.retention_days, 1, _MOST_DAYS, "days")
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.PERSONAL"):
            self._check_retention(checks, well=kept)
            self._check_personal(checks)

    def _check_places(self, checks: Checks) -> None:
        check_named(checks, "residency", self.residency, "region")
        for index, place in enumerate(self.residency):
            known = isinstance(place, str) and (place in _MULTI_REGIONS or REGION_PATTERN.fullmatch(place))
            checks.that(
                known,
                f"residency[{index}]",
                "is no place of Google Cloud",
                given=place,
                allowed=f"a region such as europe-west4, or {' or '.join(_MULTI_REGIONS)}",
                do="name each region that the data may be in",
            )

    def _check_consumers(self, checks: Checks) -> None:
        check_named(checks, "consumers", self.consumers, "consumer")
        for index, consumer in enumerate(self.consumers):
            if checks.principal(f"consumers[{index}]", consumer):
                checks.that(
                    not consumer.startswith("domain:"),
                    f"consumers[{index}]",
                    "is everybody of a domain",
                    given=consumer,
                    allowed="groups, people and service accounts",
                    do="name the group",
                )

    def _check_retention(self, checks: Checks, *, well: bool) -> None:
        promised = self.data_class.delete_after_days
        checks.that(
            not well or promised is None or self.retention_days <= promised,
            "retention_days",
            f"keeps {self.data_class.value} data for longer than its class allows",
            given=self.retention_days,
            allowed=f"1 to {promised} days",
            do="agree on less",
        )

    def _check_personal(self, checks: Checks) -> None:
        for index, kind in enumerate(self.personal_data):
            checks.instance(f"personal_data[{index}]", kind, PersonalData, "a PersonalData, such as PersonalData.PII")
        personal = bool(self.personal_data)
        checks.that(
            self.data_class.is_personal or not personal,
            "data_class",
            "is not one for personal data, and there is some",
            given=self.data_class.value,
            allowed=", ".join(known.value for known in DataClass if known.is_personal),
            do="say DataClass.PERSONAL, or that there is no personal data",
        )
        checks.that(
            PersonalData.PHI not in self.personal_data or self.data_class is DataClass.HEALTH,
            "data_class",
            "is not that of data about health",
            given=self.data_class.value,
            allowed=DataClass.HEALTH.value,
            do="say DataClass.HEALTH",
        )
        checks.that(
            not personal or isinstance(self.lawful_basis, LawfulBasis),
            "lawful_basis",
            "is missing, and personal data needs one",
            given=self.lawful_basis or "nothing",
            allowed=", ".join(LawfulBasis),
            do="say on what ground the data may be processed, as in LawfulBasis.CONTRACT",
        )
        checks.that(
            personal or not self.personal_fields,
            "personal_data",
            "is none, and there are fields about people",
            given=", ".join(map(str, self.personal_fields)),
            allowed="at least one PersonalData with personal_fields",
            do="say which kinds of personal data the fields are",
        )
        for name, says in self.personal_fields.items():
            place = f"personal_fields[{name!r}]"
            rule = limit("column")
            checks.that(
                isinstance(name, str) and rule.accepts(name),
                place,
                "is no name of a column",
                given=name,
                allowed=str(rule),
                do="name the column as the table does",
            )
            checks.one_of(place, says, _FIELD_KINDS)


class DataUseAgreement(Component, AgreementRef):
    """An agreement on the use of data, which buckets, warehouses, features, training and endpoints are given to obey.

    It is a declaration that drives what is built: class, retention and masks follow it, and a place, a class, a purpose
    or a grant that contradicts it is refused. Child: ``record``, the agreement as canonical JSON in the bucket.
    """

    kind = "groundplan:governance:DataUseAgreement"
    objectives = ("2.1.e", "6.1.b")

    def __init__(self, name: str, args: DataUseAgreementArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Keep the agreement; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.bucket.project
        self.agreement_urn = self.urn
        self.terms = args.terms
        self.digest = digest_of(args.agreement)
        self.record = keep_record(self, "agreements", args.agreement, args.bucket)
        self.finish(
            {
                "digest": self.digest,
                "uri": pulumi.Output.concat("gs://", args.bucket.bucket_name, "/", self.record.output_name),
                "dataClass": args.data_class.value,
                "expires": args.expires,
            }
        )

    @staticmethod
    def from_existing(
        urn: str, *, digest: str, terms: AgreementTerms, project: Project, label: str | None = None
    ) -> AgreementRef:
        """Return an agreement that another program keeps, by its URN there.

        ``digest`` and ``terms`` are those of the agreement; ``project`` is that of its bucket.
        """
        checks = Checks("DataUseAgreement.from_existing")
        checks.matches("urn", urn, _URN, "a URN, urn:pulumi:…", "take it from `pulumi stack --show-urns`")
        checks.matches("digest", digest, _DIGEST, "sha256: and 64 hexadecimal digits", "take the agreement's digest")
        checks.instance("terms", terms, AgreementTerms, "an AgreementTerms")
        checks.finish()
        return ExistingAgreement(
            label=label or re.sub(".*::", "", urn), project=project, agreement_urn=urn, digest=digest, terms=terms
        )
