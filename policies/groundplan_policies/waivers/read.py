"""Reads a file of waivers."""

from pathlib import Path

from groundplan_policies.engine.yamlfile import Data, Place, YamlFile, read_yaml
from groundplan_policies.waivers.codeowners import read_owners
from groundplan_policies.waivers.model import Waiver, WaiverError
from groundplan_policies.waivers.people import person

KEYS = ("control", "urn", "type", "reason", "ticket", "owner", "approver", "issued", "expires", "fingerprint")
"""The keys of a waiver, in the order in which they are written. Each must be there."""


def read_waivers(path: Path, *, root: Path | None = None, name: str = "") -> tuple[Waiver, ...]:
    """Read a file of waivers.

    Args:
        path: The file.
        root: The root of the repository, whose CODEOWNERS file says who may approve; None if there is none.
        name: The name by which messages call the file; its path by default.

    Raises:
        WaiverError: It cannot be read, or an entry is not as it must be: a key that does not exist or is missing, a day
            that is none, a waiver that expires before it was issued.
    """
    file = read_yaml(path, WaiverError, name=name)
    file.check_keys((), file.data, ("waivers",), "key")
    owners = frozenset(person(each) for each in read_owners(root, path)) if root is not None else frozenset()
    entries = file.sequence(("waivers",), file.data.get("waivers"), "list of waivers")
    return tuple(_waiver(file, ("waivers", number), entry, owners) for number, entry in enumerate(entries))


def _waiver(file: YamlFile, place: Place, entry: Data, owners: frozenset[str]) -> Waiver:
    fields = file.mapping(place, entry, "waiver")
    file.check_keys(place, fields, KEYS, "key of a waiver")
    for key in KEYS:
        if fields.get(key) is None:
            raise file.wrong(
                "A waiver is not whole", place, f"a waiver without `{key}`", ", ".join(KEYS), f"add `{key}`"
            )
    texts = {key: file.text((*place, key), fields[key], key) for key in KEYS[:7]}
    if not texts["urn"].startswith("urn:pulumi:") and not set("*?") & set(texts["urn"]):
        raise file.wrong(
            "A waiver names no resource",
            (*place, "urn"),
            "a text that is no URN",
            "urn:pulumi:STACK::PROJECT::TYPE::NAME, as reports in JSON have it",
            "write it with `groundplan waive`, which takes the name of a resource too",
        )
    issued = file.day((*place, "issued"), fields["issued"], "issued")
    expires = file.day((*place, "expires"), fields["expires"], "expires")
    if expires < issued:
        given = f"issued {issued}, expires {expires}"
        raise file.wrong(
            "A waiver ends before it begins", place, given, "expires not before issued", "correct the days"
        )
    return Waiver(
        control=texts["control"].upper(),
        urn=texts["urn"],
        type=texts["type"],
        reason=texts["reason"],
        ticket=texts["ticket"],
        owner=texts["owner"],
        approver=texts["approver"],
        issued=issued,
        expires=expires,
        fingerprints=_fingerprints(file, (*place, "fingerprint"), fields["fingerprint"]),
        approver_owns=person(texts["approver"]) in owners,
        place=file.at(place),
    )


def _fingerprints(file: YamlFile, place: Place, value: Data) -> tuple[str, ...]:
    """Give the fingerprints: one, or a list where a finding has another after the deployment than before."""
    if isinstance(value, list) and value:
        return file.texts(place, value, "fingerprint")
    return (file.text(place, value, "fingerprint"),)
