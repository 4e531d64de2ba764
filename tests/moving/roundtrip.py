"""Two exports of the same records, compared: ids are new, and everything else must be what it was."""

from __future__ import annotations

import json
from typing import Any

Record = dict[str, Any]


def canonical(record: Record) -> Record:
    """``record`` without ids, codes and names of files; what named a row by its id names it by what it says."""
    said = {row["id"]: _key(row) for row in (*record["sessions"], *record["notes"])}
    out = {key: value for key, value in record.items() if key not in ("client", "format")}
    out["client"] = {key: value for key, value in record["client"].items() if key not in ("id", "code")}
    out["sessions"] = [row | {"within": bool(row["within"])} for row in record["sessions"]]
    out["notes"] = [row | {"session": said.get(row["session"])} for row in record["notes"]]
    out["documents"] = [row | {"note": said.get(row["note"])} for row in record["documents"]]
    out["members"] = [{"left_at": row["left_at"]} for row in record["members"]]
    return {key: _rows(value) if isinstance(value, list) else value for key, value in out.items()}


def _key(row: Record) -> str:
    return str(row.get("starts_at") or row["written_at"] + json.dumps(row["content"], sort_keys=True))


def _rows(rows: list[Record]) -> list[str]:
    plain = [{key: value for key, value in row.items() if key not in ("id", "file", "reverses")} for row in rows]
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in plain)


def differences(first: Record, second: Record) -> list[str]:
    """Everything that is in one of the two and not in the other, in words."""
    found = []
    one, two = canonical(first), canonical(second)
    for key in sorted(one.keys() | two.keys()):
        a, b = one.get(key), two.get(key)
        if a == b:
            continue
        if isinstance(a, list) and isinstance(b, list):
            found += [f"{key} lost: {row}" for row in a if row not in b] + [f"{key} new: {row}" for row in b if row not in a]
        else:
            found.append(f"{key}: {a} became {b}")
    return found
