"""Offers: the places, machine types, accelerators and disk types that a call asks for are those that Google has."""

from mockcloud.cloud.call import Call


def check(call: Call) -> None:
    """Hold a call to what its service offers.

    Raises:
        ApiError: 400, for the first that there is not.
    """
    if call.method.writes:
        call.cloud.services(call.api).hold_offers(call)
