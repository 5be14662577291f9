"""Whom a request comes from, as far as the network tells."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

from pesai.access.principals import Principal

__all__ = ["account", "address", "keeper"]

_NETWORK, _SITE = 64, 48
"""Bits of an IPv6 address that name one network, which is the least that a customer has, and one
site, which is the most that one usually gets (RFC 6177)."""


def account(principal: Principal | None) -> str:
    """Whose account bears the cost of a query: that of the token, or else of the address."""
    return f"token {principal.id}" if principal else address()


def keeper(principal: Principal | None) -> str:
    """Whose share is taken by what is kept for good: one site may not come as many networks."""
    return f"token {principal.id}" if principal else address(_SITE)


def address(bits: int = _NETWORK) -> str:
    """The address of the client, of an IPv6 address its first bits.

    Behind proxies it is what the last ``PESAI_TRUSTED_PROXY`` of them say.
    """
    try:
        found = ip_address(request.remote_addr or "")
    except ValueError:  # a socket without addresses
        return "local"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, bits), strict=False))
