"""SSH keys of users: the call that makes one answers with all that the user has."""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.special import special_row
from mockcloud.pulumi.tabled import Tabled


@special_row("oslogin/sshPublicKey:SshPublicKey")
class Key(Tabled):
    """SSH keys."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Add a key, and find it among the user's."""
        values = self.values(place, inputs)
        answer = self._send(place, self.kind.row.create, values, self._creation(place, values, inputs))
        keys: Mapping[str, Mapping[str, Any]] = (answer.get("loginProfile") or {}).get("sshPublicKeys") or {}
        found = next((each for each in keys.values() if each.get("key") == inputs.get("key")), {})
        return self._state(place, found, inputs, {**values, "fingerprint": found.get("fingerprint")})
