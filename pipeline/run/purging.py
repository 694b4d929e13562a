"""`hyeopyak purge`: personal data whose time is up leaves an archive; what was there stays on record, by its hash."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.doors.bag import Payload, Unfit, encoded, write_bag
from pipeline.doors.bag_reading import Bag, open_bag
from pipeline.doors.books.listed import as_csv, rows_of
from pipeline.doors.register_volumes import link
from pipeline.model.findings import Cell, errors, finding
from pipeline.run.archiving import PURGED, RETENTION, SEAL, SIGNER, TAGS, refused
from pipeline.run.credential import opened
from pipeline.run.outcome import Clock, Outcome, now
from pipeline.run.verifying import verify

_EVENTS = "data/events.jsonl"


def purge(path: Path, certificate: str, password: Callable[[], bytes], clock: Clock = now) -> Outcome:
    """Take what is due out of an archive that holds, and seal the rest.

    Args:
        path: a bag, as a folder.
        certificate: to seal the rest with: a path, or the address of a token.
        password: of the certificate, or PIN.
        clock: the present.
    """
    from pipeline.doors.seal.credentials import Unusable
    from pipeline.doors.seal.detached import sign_detached

    if not path.is_dir():
        return Outcome((finding("purge.form", Cell(path.name)),))
    found = [one for one in verify(path, clock=clock).findings if errors([one])]
    if found:
        return Outcome((*found, finding("purge.broken", Cell(path.name))))
    with open_bag(path) as bag:
        today = clock().date().isoformat()
        # Where the campaign does not say how long data may be kept, and in public archives, there is no such table.
        terms = rows_of(bag.read(RETENTION)) if RETENTION in bag.names() else []
        due = [one["file"] for one in terms if one["until"] < today and one["file"] in bag.names()]
        if not due:
            return Outcome((finding("purge.nothing", Cell(path.name)),))
        credential = opened(certificate, path, "", password, found)
        if credential is None:
            return Outcome(tuple(found))
        try:
            kept = _kept(path, bag, due, clock())
            tags = {name: bag.read(name) for name in TAGS}
            lines = bag.read("bag-info.txt").decode().splitlines()
            info = [line.split(": ", 1) for line in lines if "Oxum" not in line]

            def sign(manifest: bytes) -> Mapping[str, bytes]:
                seal = sign_detached(manifest, credential, clock())
                return {SEAL: seal, SIGNER: b"".join((credential.certificate, *credential.chain))}

            write_bag(path, kept, [(key, value) for key, value in info], tags, sign)
        except (Unfit, Unusable) as error:
            return Outcome((refused(error, path.name),))
    return Outcome((finding("purge.done", Cell(path.name), count=len(due)),), files=(str(path),))


def _kept(path: Path, bag: Bag, due: list[str], when: datetime.datetime) -> list[Payload]:
    """What stays, with the record of what goes."""
    gone = set(due)
    sums = dict(line.split("  ", 1)[::-1] for line in bag.read("manifest-sha256.txt").decode().splitlines())
    stamp = when.isoformat(timespec="seconds")
    record = rows_of(bag.read(PURGED)) if PURGED in bag.names() else []
    record += [{"file": name, "sha256": sums[encoded(name)], "size": str(bag.size(name)), "at": stamp} for name in due]
    events = [json.loads(line) for line in bag.read(_EVENTS).decode().splitlines()]
    detail = json.dumps({"files": len(due)}, separators=(",", ":"))
    last = events[-1]
    chain = link(last["chain"], stamp, "purged", "archive", detail)
    more = {"id": last["id"] + 1, "at": stamp, "what": "purged", "subject": "archive", "detail": detail, "chain": chain}
    events.append({key: value for key, value in more.items() if key in last})
    log = "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in events).encode()
    written = {PURGED: as_csv(record), _EVENTS: log}
    stays = [name for name in bag.names() if name.startswith("data/") and name not in gone and name not in written]
    return [*(Payload(name, path / name) for name in stays), *(Payload(name, blob) for name, blob in written.items())]
