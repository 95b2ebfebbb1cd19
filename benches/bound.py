"""The least time in which any client could have made these requests.

It is computed from a sync's own requests, as the simulated server logged them, and from only four things: the latency of
each reply, the sizes of the pages (which determine what must wait for what), the published limits of REST for each
endpoint, and the number of SOAP calls in flight. Everything that these allow to happen at once is assumed to do so.
Computing, sending, starting the program and writing to the disk cost nothing. So no client can make the same requests
faster; a client that makes fewer requests can.

What waits for what:
- a REST call waits for the token, and a page of a list for the page before it (only an empty page marks the end);
- a subfolder's lists wait for the list that names it; the latest first page of its course's list is enough;
- a video's first usage page waits for the list page that names it, and for a sign-in;
- its other usage pages wait for the first, which tells how many there are;
- where many folders are looked at in one call instead of reading their lists, a video's first usage page waits for a look at
  folders and a look at videos.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

# Panopto's published limits of REST, for each endpoint and client: (calls, seconds).
LIMITS = ((5, 1), (100, 60), (5000, 3600))
# Most SOAP calls in flight. No limit is published; this is the client's own.
SOAP_IN_FLIGHT = 16


@dataclass(frozen=True)
class Bound:
    """Seconds, and what cannot be faster."""

    secs: float
    because: str


def of(requests: list[dict], latency_secs: float) -> Bound:
    """The largest of three independent bounds."""
    token = latency_secs if any(request["route"] == "Token" for request in requests) else 0.0
    signed_in = sum(1 for request in requests if request["route"] in ("LegacyLogin", "SoapAuth") and request["status"] == 200)
    ready = token + (latency_secs if signed_in else 0.0)

    lists: dict[str, Counter] = defaultdict(Counter)
    calls: Counter = Counter()
    for request in requests:
        calls[request["route"]] += 1
        if request["route"] in ("FolderChildren", "FolderSessions"):
            lists[request["route"]][request["id"]] += 1
    courses = {request["id"] for request in requests if request["route"] == "Folder"}
    usage = [request for request in requests if request["operation"] == "GetSessionExtendedDetailedUsage"]
    later_pages = any(request["page"] for request in usage)

    kinds_of_looks = {request["operation"] for request in requests if request["route"] == "SoapSessions"}

    bounds = []
    # One thing after the other.
    deepest = 0
    for pages in lists.values():
        for folder, count in pages.items():
            below = 0 if folder in courses else 1
            deepest = max(deepest, below + count)
    # The last list page may be the empty one, for which no video waits.
    named = max((count - 1 for count in lists["FolderSessions"].values()), default=0)
    nested = int(any(folder not in courses for folder in lists["FolderSessions"]))
    to_first_usage = max(token + latency_secs * (nested + max(named, 1)), ready)
    if kinds_of_looks and not lists:
        # A look at folders, then one at videos: each kind waits for the one before.
        to_first_usage = ready + latency_secs * len(kinds_of_looks)
    chain = token + latency_secs * deepest
    if usage:
        chain = max(chain, to_first_usage + latency_secs * (2 if later_pages else 1))
    bounds.append(Bound(chain, f"latency of what can only follow one another ({chain / latency_secs:.0f} replies)" if latency_secs else "nothing"))

    # The published limits.
    for route, count in calls.items():
        if route in ("Folder", "FolderChildren", "FolderSessions", "LegacyLogin"):
            secs = token + last_start(count) + latency_secs
            bounds.append(Bound(secs, f"published limit of `{route}` ({count} calls)"))

    # SOAP calls in flight. The first can go out when the first list page has arrived.
    if usage:
        rounds = -(-len(usage) // SOAP_IN_FLIGHT)
        first = max(token + latency_secs * (nested + 1), ready) if lists else to_first_usage
        bounds.append(Bound(first + rounds * latency_secs,
                            f"{len(usage)} usage calls, {SOAP_IN_FLIGHT} in flight"))
    return max(bounds, key=lambda bound: bound.secs)


def last_start(calls: int) -> float:
    """The earliest time at which the last of `calls` calls can go out, if the first goes out at 0."""
    starts: list[float] = []
    for number in range(calls):
        at = starts[-1] if starts else 0.0
        for limit, secs in LIMITS:
            if number >= limit:
                at = max(at, starts[number - limit] + secs)
        starts.append(at)
    return starts[-1] if starts else 0.0
