"""Inner addresses, each written in every way a parser somewhere understands."""

import ipaddress
from collections.abc import Iterator

INNER_V4 = (
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
)
INNER_V6 = ("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1")
# Ways to carry a v4 address inside a v6 one: mapped, compatible, translated, NAT64, 6to4, Teredo-like.
CARRIERS = ("::ffff:{0}", "::{0}", "::ffff:0:{0}", "64:ff9b::{0}", "0:0:0:0:0:ffff:{0}", "0000::FFFF:{0}")


def spellings() -> list[str]:
    """Hosts as they stand in a URL, each once."""
    found = [*v6_spellings(), "localhost", "LOCALHOST", "localhost.", "ip6-localhost"]
    for text in INNER_V4:
        found.extend(v4_spellings(text))
        found.extend(f"[{carrier.format(text)}]" for carrier in CARRIERS)
        found.append(f"[{six_to_four(text)}]")
    return sorted(set(found))


def v4_spellings(text: str) -> Iterator[str]:
    """Dotted, whole number, hexadecimal, octal, mixed, short."""
    address = ipaddress.IPv4Address(text)
    number, parts = int(address), [int(part) for part in text.split(".")]
    yield from (text, f"{text}.", str(number), hex(number), f"0{number:o}", f"0X{number:X}")
    yield ".".join(hex(part) for part in parts)
    yield ".".join(f"0{part:o}" for part in parts)
    yield ".".join(f"{part:03d}" if part < 8 else str(part) for part in parts)
    yield f"{hex(parts[0])}.{parts[1]}.0{parts[2]:o}.{parts[3]}"
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"


def v6_spellings() -> Iterator[str]:
    """Short, long, in capitals, with a zone."""
    for text in INNER_V6:
        address = ipaddress.IPv6Address(text)
        yield from (f"[{text}]", f"[{address.exploded}]", f"[{address.exploded.upper()}]")
    yield "[fe80::1%25lo]"


def six_to_four(text: str) -> str:
    """The 6to4 network of a v4 address."""
    number = int(ipaddress.IPv4Address(text))
    return f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1"
