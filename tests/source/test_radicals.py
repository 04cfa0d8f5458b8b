"""The table of radicals agrees with what Unicode data in Python can tell about it."""

import unicodedata

from npp_publish.source.radicals import EQUIVALENT


def test_kangxi_radicals_are_all_there_and_agree_with_nfkc() -> None:
    for code in range(0x2F00, 0x2FD6):
        assert EQUIVALENT[chr(code)] == unicodedata.normalize("NFKC", chr(code))


def test_every_entry_leads_from_a_radical_or_stroke_to_a_unified_ideograph() -> None:
    assert len(EQUIVALENT) == 348  # the number of assignments in EquivalentUnifiedIdeograph.txt
    for radical, unified in EQUIVALENT.items():
        assert unicodedata.category(radical) == "So"
        assert 0x3400 <= ord(unified) <= 0x9FFF or 0x20000 <= ord(unified) <= 0x323AF
        assert unified not in EQUIVALENT


def test_supplement_radicals_that_nfkc_leaves_alone() -> None:
    text = "⻓⻅⻋⻢⻰⻔⻚⻛⻜⻝⻥⻦"
    assert unicodedata.normalize("NFKC", text) == text
    assert "".join(EQUIVALENT[c] for c in text) == "长见车马龙门页风飞食鱼鸟"
