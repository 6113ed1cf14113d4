"""The evidence as one page of HTML, for people: no server, no network, nothing beside it."""
