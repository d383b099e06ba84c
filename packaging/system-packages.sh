#!/bin/sh
# The system parts that Dormouse needs: Python's venv, the libraries of Qt's window and its fonts. Installs them
# only where that needs no password; otherwise prints the exact line to type and lets the rest go on.

[ "$(uname -s)" = "Linux" ] || exit 0
PATH="$PATH:/usr/sbin:/sbin"

# library that is looked for : Debian's and Ubuntu's package that brings it
wanted="libEGL.so.1:libegl1 libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0 libdbus-1.so.3:libdbus-1-3
libfontconfig.so.1:libfontconfig1 libfreetype.so.6:libfreetype6 libX11-xcb.so.1:libx11-xcb1
libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0 libxcb-cursor.so.0:libxcb-cursor0
libxcb-icccm.so.4:libxcb-icccm4 libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1
libxcb-randr.so.0:libxcb-randr0 libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0
libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xkb.so.1:libxcb-xkb1"

present=$(ldconfig -p 2>/dev/null)
missing=""
for pair in $wanted; do
    echo "$present" | grep -qF "${pair%%:*} " || missing="$missing ${pair##*:}"
done
python="${PYTHON:-python3}"
if command -v "$python" >/dev/null 2>&1 && ! "$python" -c "import ensurepip" 2>/dev/null; then
    version=$("$python" -c "import sys; print('%d.%d' % sys.version_info[:2])")
    missing="$missing python$version-venv"
fi
# the window's fonts: it does without them, but it was drawn with them
for pair in Inter:fonts-inter Vollkorn:fonts-vollkorn JetBrainsMono:fonts-jetbrains-mono; do
    find /usr/share/fonts /usr/local/share/fonts -name "${pair%%:*}*" 2>/dev/null | grep -q . ||
        missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0

tell() {
    echo "Dormouse needs some system packages$1. Please type:"
    echo "    sudo apt-get install -y$missing"
}

if ! command -v apt-get >/dev/null 2>&1; then
    echo "Dormouse needs these system packages, by Debian's names; please install your system's:$missing"
    exit 0
elif [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    tell ""
    exit 0
fi

export DEBIAN_FRONTEND=noninteractive
install() { $as_root apt-get install -y --no-install-recommends $missing </dev/null; }
install || { $as_root apt-get update </dev/null && install; } || tell ", and they could not be installed"
exit 0
