#!/bin/sh
# Makes NotoSans-Regular.ttf and NotoSans-Bold.ttf: sh subset.sh FOLDER
# FOLDER holds NotoSans-{Regular,Bold}.ttf and NotoSansMath-Regular.ttf, version 2.004 and 2.000 or later, for instance
# of Debian's package fonts-noto-core 20201225. It needs fonttools 4.68.0 (`pip install fonttools==4.68.0`).
set -eu
from=$1

# Latin with phonetic letters, modifiers and marks, Greek, Cyrillic, extended Latin and Greek; punctuation, super- and
# subscripts, currencies, letterlike signs, fractions; � for what cannot be shown.
letters=U+0020-007E,U+00A0-03FF,U+0400-052F,U+1E00-1FFF,U+2000-206F,U+2070-209F,U+20A0-20BF,U+2100-214F,U+2150-218F,U+25CC,U+FFFD
# What Noto Sans lacks: arrows, minus, infinity, about, unlike, at most, at least, squares and triangles.
signs=U+2190-2195,U+21D2,U+2212,U+221E,U+2248,U+2260,U+2264,U+2265,U+25A0,U+25A1,U+25B2,U+25B3

work=$(mktemp -d)
# No hints: at the size of print and of today's screens they only add bytes. No layout tables: kerning would have to be
# the same in every reader of a picture, and a subset embedded in a picture has none.
cut() { pyftsubset "$1" --unicodes="$2" --output-file="$3" --no-hinting --desubroutinize --layout-features= \
    --drop-tables+=GSUB,GPOS,GDEF,MATH --name-IDs=0,1,2,3,4,5,6,13,14 --notdef-outline --no-recalc-timestamp; }
cut "$from/NotoSansMath-Regular.ttf" "$signs" "$work/signs.ttf"
for weight in Regular Bold; do
    cut "$from/NotoSans-$weight.ttf" "$letters" "$work/letters.ttf"
    (cd "$work" && pyftmerge --output-file="NotoSans-$weight.ttf" letters.ttf signs.ttf)
    # Merging notes the time; the time of the letters goes back in, so that the same input gives the same bytes.
    python3 - "$work/letters.ttf" "$work/NotoSans-$weight.ttf" "NotoSans-$weight.ttf" <<'PY'
import sys
from fontTools.ttLib import TTFont

letters, merged = TTFont(sys.argv[1]), TTFont(sys.argv[2], recalcTimestamp=False)
merged["head"].created, merged["head"].modified = letters["head"].created, letters["head"].modified
merged["name"], merged["OS/2"] = letters["name"], letters["OS/2"]
for height in ("ascent", "descent", "lineGap"):
    setattr(merged["hhea"], height, getattr(letters["hhea"], height))
merged.save(sys.argv[3])
PY
done
rm -r "$work"
