#!/bin/sh
# Makes assets/fonts/vazirmatn.woff2 from the published package, the same bytes each time.
# Needs npm and pip; run it anywhere, it works in a folder of its own and writes next to itself.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-save --ignore-scripts vazirmatn@33.0.3
python3 -m venv tools
tools/bin/pip install --quiet fonttools==4.68.0 brotli==1.2.1 setuptools
cp "node_modules/vazirmatn/OFL.txt" "$here/OFL.txt"

# Regular to bold in one file: two weights as separate files would weigh 4 kB more.
tools/bin/fonttools varLib.instancer -q --no-recalc-timestamp "node_modules/vazirmatn/fonts/variable/Vazirmatn[wght].ttf" wght=400:700 -o text.ttf

# Persian with its marks and both digit rows (phones still send ٤٥٦), ASCII, the quotation marks,
# dashes, isolates and joiners that our own texts and people's words need. No hints: they are
# half of the bytes, and screens of today do without. The presentation forms (U+FB56 and on) are for the
# map, which shapes its labels into them; they are other names of glyphs that are here anyway.
SOURCE_DATE_EPOCH=1700000000 tools/bin/pyftsubset text.ttf \
  --unicodes="U+0020-007E,U+00A0,U+00A9,U+00AB,U+00B7,U+00BB,U+00D7,U+00E9,U+060C,U+061B,U+061F,U+0621-063A,U+0640-0652,U+0654,U+0660-066C,U+0670,U+067E,U+0686,U+0698,U+06A9,U+06AF,U+06C0,U+06CC,U+06D5,U+06F0-06F9,U+200C-200F,U+2010-2014,U+2018-201A,U+201C-201D,U+2022,U+2026,U+2039,U+203A,U+2066-2069,U+2212,U+25CC,U+FB56-FB59,U+FB7A-FB7D,U+FB8A-FB8B,U+FB8E-FB95,U+FBFC-FBFF,U+FDFC,U+FE80-FEFC" \
  --layout-features=init,medi,fina,rlig,liga,mark,mkmk,ccmp,locl,kern,tnum \
  --no-hinting --desubroutinize --name-IDs=0,1,2,3,4,5,6,13,14 \
  --no-recalc-timestamp --flavor=woff2 --output-file="$here/vazirmatn.woff2"
sha256sum "$here/vazirmatn.woff2"
