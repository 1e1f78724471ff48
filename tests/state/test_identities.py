from __future__ import annotations

from pathlib import Path

from resh.state.identities import KNOWN
from resh.state.tables import Tables

ADA, ROLE = "arn:aws:iam::1:user/ada", "arn:aws:iam::2:role/cleaner"


def test_an_identity_stays_known_for_a_while_after_its_last_use(tmp_path: Path) -> None:
    identities = Tables(tmp_path).identities
    assert identities.known(0) == ()
    identities.keep("aws", [ADA, ROLE, ADA], 0)
    assert set(Tables(tmp_path).identities.known(KNOWN)) == {ADA, ROLE}
    identities.keep("aws", [ROLE], KNOWN - 1)
    assert identities.known(KNOWN + 1) == (ROLE,)
    identities.keep("aws", [ADA], 3 * KNOWN)
    assert [row["name"] for row in identities._table.rows().values()] == [ADA]


def test_what_is_known_is_not_written_at_every_collect(tmp_path: Path) -> None:
    identities, path = Tables(tmp_path).identities, tmp_path / "identities.json"
    identities.keep("aws", [ADA], 1000)
    before = path.stat().st_mtime_ns
    identities.keep("aws", [ADA], 1000 + 3599)
    identities.keep("aws", [], 9999)
    assert path.stat().st_mtime_ns == before
