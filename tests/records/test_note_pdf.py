from tests.cast import *
from .hands import page, words


def test_smoke(ana, signed, draft, cleo, browser_of):
    from unittest.mock import patch

    b = browser_of(ana)
    for n in (signed, draft):
        r = b.get(page("note_pdf", n.pk))
        assert r.status_code == 200, r.content[:500]
        print(dict(r.items()))
        open(f"/tmp/print/real{n.is_signed}.pdf", "wb").write(r.content)
        r = b.get(page("note_print", n.pk))
        assert r.status_code == 200
    with patch("practice.factors.is_fresh", return_value=True):
        r = b.get(page("chart_choose", cleo.pk))
        assert r.status_code == 200
        for u in ("chart_pdf", "chart_print"):
            r = b.post(page(u, cleo.pk), {"sessions": "on", "kinds": ["progress"], "since": "2020-01-01", "until": "2026-12-31"})
            assert r.status_code == 200, words(r)
            open("/tmp/print/chartreal." + u, "wb").write(r.content)
