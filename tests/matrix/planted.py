"""Words planted in the data of the furnished practice, and who may ever see them in a page."""

from __future__ import annotations

from tests.cast import PRIVATE, SECRET
from tests.committed import DRAFT

PLANTED = {
    SECRET: {"ana", "sofia"},
    DRAFT: {"ana"},
    "the pewter gull": {"ana"},
    "Of the ochre bridge": {"ana", "sofia"},
    "silver orchard letter": {"ana"},
    "the tin lighthouse": {"ana", "sofia"},
    PRIVATE: {"ana"},
    "Cleopatra": {"ana", "sofia", "dee", "portal_cleo"},
    "Marchetti": {"ana", "sofia", "dee", "portal_cleo"},
    "503 555 0142": {"ana", "sofia", "dee", "portal_cleo"},
    "Room 2, willow": {"ana", "sofia"},
    "a former partner of the sister": {"ana", "ada"},
    "Ferreira": {"ben", "dee"},
    "503 555 0177": {"ben", "dee"},
    "Aldana": {"ana", "sofia", "dee", "gus"},
    "the teal accordion": {"ana", "sofia", "portal_cleo"},
    "the tin whistle": {"ana"},
    "the wicker gate": {"portal_cleo", "ada"},
    "the bronze heron": {"ana", "sofia", "ada"},
    "opal compass": {"ada"},
    "slate umbrella": {"sofia", "dee"},
    "khaki folder": {"ada"},
    "puce envelope": {"ada", "lena"},
    "ecru ladder": {"ana", "sofia", "ada"},
    "maize notebook": {"ana", "sofia", "portal_cleo"},
    "walnut clock": {"ada", "portal_cleo"},
    "garnet scarf": {"ana", "sofia", "gus"},
    "mauve bridge": {"ana", "sofia", "portal_cleo"},
    "umber stair": {"ana", "sofia", "dee", "portal_cleo"},
    "khaki silo": {"ana", "sofia", "gus"},
    "jade ferry": {"ana"},
    **{key: {"ana", "sofia"} for key in ("magenta weir", "Fuchsia Gate", "plaid lantern", "slate hatchet", "saffron lantern")},
    "beige anchor": {"ana", "sofia", "ada"},
    "Couplings": {"ana", "sofia", "dee"},
    "Limpet": {"lena", "dee"},
    "puce weathervane": {"ada", "sofia", "lena"},
    "beige anchovy": {"ana"},
}
