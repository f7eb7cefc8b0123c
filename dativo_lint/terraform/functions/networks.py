"""Functions of IP networks."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeAlias

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import plain_function
from dativo_lint.terraform.functions.counting import whole_number
from dativo_lint.terraform.numbers import Number
from dativo_lint.terraform.types import NUMBER, STRING, TooMuch, list_of

Network: TypeAlias = IPv4Network | IPv6Network

_ZEROS: Final = r"(?<![0-9A-Fa-f:])0+(?=[0-9])"
_MOST_BITS_AT_ONCE: Final = 32


def _network(prefix: str, argument: int = -1) -> Network:
    """The network that a text spells; bits behind the prefix are dropped. Raises CallFailed."""
    address, slash, length = prefix.partition("/")
    if slash and length.isascii() and length.isdigit() and str(int(length[:4])) == length:
        if "." in address and ":" not in address:
            # Terraform reads 010 as ten.
            address = re.sub(_ZEROS, "", address)
        try:
            if "%" not in address:
                network = ip_network(f"{address}/{length}", strict=False)
                if network.version == 6 and network.network_address.ipv4_mapped is not None:
                    raise TooMuch("an IPv4 address inside of IPv6 is not calculated with")
                return network
        except ValueError:
            pass
    raise CallFailed(f"invalid CIDR expression: invalid CIDR address: {prefix}", argument)


@plain_function("cidrhost", prefix=STRING, hostnum=NUMBER, returns=STRING)
def _cidrhost(prefix: str, number: Number) -> str:
    network = _network(prefix)
    if not isinstance(number, int):
        raise CallFailed("value must be a whole number")
    bits = network.max_prefixlen - network.prefixlen
    if (number if number >= 0 else -number - 1) >= 1 << bits:
        detail = f"prefix of {network.prefixlen} does not accommodate a host numbered {number}"
        raise CallFailed(detail)
    at = number if number >= 0 else (1 << bits) + number
    return str(network.network_address + at)


@plain_function("cidrnetmask", prefix=STRING, returns=STRING)
def _cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version == 6:
        raise CallFailed(f"IPv6 addresses cannot have a netmask: {prefix}")
    return str(network.netmask)


@plain_function("cidrsubnet", prefix=STRING, newbits=NUMBER, netnum=NUMBER, returns=STRING)
def _cidrsubnet(prefix: str, newbits: Number, netnum: Number) -> str:
    network = _network(prefix)
    bits, number = whole_number(newbits), whole_number(netnum)
    length = network.prefixlen + bits
    if not network.prefixlen <= length <= network.max_prefixlen:
        detail = f"insufficient address space to extend prefix of {network.prefixlen} by {bits}"
        raise CallFailed(detail)
    if not 0 <= number < 1 << bits:
        what = f"a subnet numbered {number}"
        raise CallFailed(f"prefix extension of {bits} does not accommodate {what}")
    start = network.network_address + (number << (network.max_prefixlen - length))
    return f"{start}/{length}"


@plain_function("cidrsubnets", prefix=STRING, returns=list_of(STRING), variadic=("newbits", NUMBER))
def _cidrsubnets(prefix: str, *newbits: Number) -> list[str]:
    network = _network(prefix, 0)
    start = int(network.network_address)
    end = start + (1 << (network.max_prefixlen - network.prefixlen))
    subnets: list[str] = []
    for at, value in enumerate(newbits, 1):
        bits = whole_number(value, at)
        if bits < 1:
            raise CallFailed("must extend prefix by at least one bit", at)
        if bits > _MOST_BITS_AT_ONCE:
            raise CallFailed("may not extend prefix by more than 32 bits", at)
        length = network.prefixlen + bits
        if length > network.max_prefixlen:
            address = f"an IPv{network.version} address"
            detail = f"would extend prefix to {length} bits, which is too long for {address}"
            raise CallFailed(detail, at)
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > end:
            what = f"a subnet with a prefix of {length} bits"
            raise CallFailed(f"not enough remaining address space for {what}", at)
        subnets.append(f"{type(network.network_address)(start)}/{length}")
        start += size
    return subnets
