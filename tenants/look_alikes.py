"""rule: which letters the eye takes for Latin ones, and whether a label mixes scripts.

The data are facts of Unicode's confusables (UTS 39, revision of Unicode 15.1, 2023), as read on 2026-11-22: of the
letters that a host name may hold (IDNA 2008), those of Cyrillic, Greek, Armenian, Coptic, Cherokee, Lisu and the
extensions of Latin whose prototype is that of one of a to z. What only fonts of addresses make alike is ours: below.
"""

import unicodedata
from typing import Final

# The Latin letter, and what is taken for it. Where one is taken for several, the first line that names it counts.
_CONFUSABLES: Final = """
a 0251 03B1 0430
b 0185 044C 13CF
c 0441 1D04 2CA5
d 0501 13E7 A4D2
e 0435 04BD AB32
f 0584 1E9D A799 AB35
g 018D 0261 0581 1D83
h 04BB 0570 13C2
i 0131 0269 026A 03B9 0456 04CF 13A5 A647
j 03F3 0458
l 01C0 2C93 A4F2
n 0578 057C
o 03BF 03C3 043E 0585 1D0F 1D11 2C9F AB3D
p 03C1 0440 2CA3
q 051B 0563 0566
r 0433 1D26 2C85 AB47 AB48
s 01BD 0455 A731
u 028B 03C5 057D 1D1C A79F AB4E AB52
v 03BD 0475 1D20
w 026F 0461 051D 0561 1D21
x 0445
y 0263 028F 03B3 0443 04AF 1D8C 1EFF AB5A
z 1D22
"""
# Small in an address bar: strokes, hooks and turned letters nobody looks for, capitals drawn small, near shapes.
_NEAR: Final = """
b 0180 0253 0299 03B2 0432
c 0188 023C 0254 03C2 1D10 2184
d 0111 0256 0257 00F0 1D05
e 0247 01DD 0259 025B 03B5 0454 1D07
f 0192
g 01E5 0260 0262
h 0127 0266 029C 043D 04A3
i 0268
j 0249 025F
k 0199 03BA 043A 049B 04C4 1D0B 2C6A
l 0142 019A 026B 026C 026D 029F 04C0
m 0271 043C 1D0D
n 014B 019E 0272 0273 0274 03B7 043F 0438
o 00F8 0275 0473 0577
p 01A5 1D18
q 024B
r 024D 027C 027D 027E 0280
s 0282 023F
t 0167 01AB 01AD 0288 03C4 0442 1D1B
u 0289 028A 0446 0265
v 028C
w 03C9 026F
x 03C7 04B3
y 01B4 024F 04B1
z 01B6 0225 0240 0290 0291
"""
_DIGITS: Final = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t"}
# Scripts that are written together (UTS 39, 5.1: Japanese, Chinese with Bopomofo, Korean).
_TOGETHER: Final = (
    frozenset({"CJK", "IDEOGRAPHIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"CJK", "BOPOMOFO"}),
    frozenset({"CJK", "HANGUL"}),
)


def _table(*texts: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for line in text.strip().splitlines():
            letter, *codes = line.split()
            # i, l and 1 are one stroke each.
            seen = "l" if letter == "i" else letter
            for code in codes:
                found.setdefault(chr(int(code, 16)), seen)
    return found


ALIKE: Final = {**_table(_CONFUSABLES, _NEAR), **_DIGITS, "i": "l"}


def scripts_of(label: str) -> frozenset[str]:
    """Return the scripts that a label's letters belong to, by the first word of their names; digits have none."""
    return frozenset(_script(sign) for sign in label if unicodedata.category(sign).startswith("L"))


def mixes_scripts(label: str) -> bool:
    """Tell whether a label holds letters of scripts that no language writes together."""
    found = scripts_of(label)
    return len(found) > 1 and not any(found <= together for together in _TOGETHER)


def _script(sign: str) -> str:
    return unicodedata.name(sign, "?").split(" ", 1)[0]
