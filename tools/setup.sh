#!/bin/sh
# Readies a bare machine for the project. Safe to repeat; silent where everything is there.
#
#   tools/setup.sh        Python environment, LibreOffice Writer, Korean fonts
#   tools/setup.sh dev    also what tests, lint and benchmark need
#
# NO_APT=1 in the environment leaves the system alone: what is missing is then only named.
# Exit: 0 ready, Word files at least; 3 Python or its packages are missing; 130 interrupted.
set -eu
cd "$(dirname "$0")/.."
here=$(pwd -P)

case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
    ko*) korean=yes ;;
    *) korean= ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' HUP INT TERM

say() { # KOREAN ENGLISH
    if [ "$korean" ]; then printf '%s\n' "$1" >&2; else printf '%s\n' "$2" >&2; fi
}

quietly() { # COMMAND...: its output is kept for tell_why
    "$@" >"$log" 2>&1 </dev/null
}

tell_why() {
    tail -n 15 "$log" | sed 's/^/    /' >&2
}

# --- system packages ---------------------------------------------------------------------------

sudo=sudo
if [ "$(id -u)" -eq 0 ]; then sudo=; fi

may_apt() {
    [ -z "${NO_APT:-}" ] && command -v apt-get >/dev/null || return 1
    [ -z "$sudo" ] || sudo -n true 2>/dev/null
}

apt() {
    # shellcheck disable=SC2086 # no word at all for root
    quietly $sudo env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -qq -y -o DPkg::Lock::Timeout=300 --no-install-recommends --no-remove "$@"
}

updated=
apt_update() { # once at most
    [ -z "$updated" ] || return 1
    updated=yes
    # A machine that has just started refreshes its lists by itself, and apt does not wait for that lock.
    tries=30
    until apt update; do
        tries=$((tries - 1))
        if [ "$tries" -eq 0 ] || ! grep -q 'lists/lock' "$log"; then return 1; fi
        sleep 10
    done
}

apt_knows() { # PACKAGE
    apt-cache show "$1" >/dev/null 2>&1 || { apt_update && apt-cache show "$1" >/dev/null 2>&1; }
}

apt_install() { # PACKAGE...: those that this release has; lists gone stale are refreshed
    names=
    for name in "$@"; do
        if apt_knows "$name"; then names="$names $name"; fi
    done
    [ -n "$names" ] || return 1
    # shellcheck disable=SC2086 # names of packages hold no spaces
    apt install $names || { apt_update && apt install $names; }
}

# --- Python ------------------------------------------------------------------------------------

find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then return; fi
    done
    say 'Python 3.11 이상이 필요합니다. 설치한 뒤 다시 실행하세요.' \
        'Python 3.11 or newer is needed. Install it, then run this again.'
    cat >&2 <<-END
	    Debian, Ubuntu:  ${sudo:+sudo }apt-get install python3 python3-venv
	    Ubuntu 22.04:    ${sudo:+sudo }apt-get install python3.11 python3.11-venv
	    Fedora:          ${sudo:+sudo }dnf install python3
	    macOS:           brew install python
	END
    exit 3
}

can_venv() { "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }

make_venv() {
    find_python
    if ! can_venv && may_apt; then
        # Debian keeps ensurepip in a package of its own, named after the exact version.
        say 'Python 가상 환경 도구를 설치합니다 ...' 'Installing the tool for Python environments ...'
        apt_install "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" || :
    fi
    if ! can_venv || ! quietly "$python" -m venv --clear .venv; then
        tell_why
        say 'Python 가상 환경(venv)을 만들 수 없습니다. 설치한 뒤 다시 실행하세요.' \
            'A Python environment (venv) cannot be made. Install what it needs, then run this again.'
        cat >&2 <<-END
	    Debian, Ubuntu:  ${sudo:+sudo }apt-get install $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
	    Fedora:          ${sudo:+sudo }dnf install python3
	    macOS:           brew install python
	END
        exit 3
    fi
}

venv_works() { # finished, new enough, and neither copied nor moved here: its scripts hold their full path
    grep -qsF "$here/.venv" .venv/bin/activate &&
        .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

pip_install() {
    if quietly .venv/bin/python -m pip install -q --disable-pip-version-check --no-input "$@"; then return; fi
    tell_why
    say 'Python 패키지를 설치하지 못했습니다. 인터넷 연결을 확인하고 다시 실행하세요.' \
        'The Python packages could not be installed. Check the network, then run this again.'
    exit 3
}

# A stamp holds the checksum of what was installed, so that a new date alone installs nothing.
unchanged() { # STAMP FILE...
    stamp=$1
    shift
    [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(cksum "$@")" ]
}

ready_python() {
    if ! venv_works; then make_venv; fi
    if ! unchanged .venv/.ready requirements.txt pyproject.toml || [ ! -x .venv/bin/hyeopyak ]; then
        rm -f .venv/.ready
        say 'Python 패키지를 설치합니다 ...' 'Installing the Python packages ...'
        pip_install --require-hashes -r requirements.txt
        # A plain path entry: setuptools' usual import hook would cost every start of Python 10 ms.
        pip_install --no-deps --no-build-isolation --config-settings editable_mode=compat -e .
    fi
    if [ "$1" = dev ] && ! unchanged .venv/.ready-dev requirements-dev.txt; then
        rm -f .venv/.ready-dev
        say '개발 도구를 설치합니다 ...' 'Installing the tools of development ...'
        pip_install --require-hashes -r requirements-dev.txt
    fi
}

# --- LibreOffice and fonts ---------------------------------------------------------------------

have_office() { # PART: writer, calc
    for soffice in "$(command -v soffice)" /usr/lib/libreoffice/program/soffice \
        /opt/libreoffice*/program/soffice /Applications/LibreOffice.app/Contents/MacOS/soffice; do
        if [ ! -x "$soffice" ]; then continue; fi
        # Linux distributions sell the parts singly: Calc alone brings soffice but not Writer.
        registry=$(dirname "$(readlink -f "$soffice" || echo "$soffice")")/../share/registry
        if [ ! -d "$registry" ] || [ -e "$registry/$1.xcd" ]; then return 0; fi
    done
    return 1
}

have_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

missing() { # prints Debian's packages for what is not there
    if [ "$dev" ] && ! command -v java >/dev/null; then echo default-jre-headless; fi
    if [ "$dev" ] && ! command -v softhsm2-util >/dev/null; then echo softhsm2; fi
    if [ "$dev" ] && ! have_browser; then echo chromium; fi
    if [ "$dev" ] && ! command -v unzip >/dev/null; then echo unzip; fi
    if [ "$dev" ] && ! command -v 7zz >/dev/null && ! command -v 7z >/dev/null; then
        if apt-cache show 7zip >/dev/null 2>&1; then echo 7zip; else echo p7zip-full; fi
    fi
    for part in writer ${dev:+calc}; do
        if have_office "$part"; then continue; fi
        # Each part comes with windows or without, never both: beside a LibreOffice with windows only the former fits.
        if dpkg -s libreoffice-core >/dev/null 2>&1; then
            echo "libreoffice-$part"
        else
            echo "libreoffice-$part-nogui"
        fi
    done
    command -v fc-list >/dev/null || echo fontconfig
    # One family goes by two spellings, NanumMyeongjo and Nanum Myeongjo, for LibreOffice as well.
    families=$(fc-list : family 2>/dev/null | tr -d ' ')
    for pair in NanumMyeongjo=fonts-nanum NanumBarunGothic=fonts-nanum UnBatang=fonts-unfonts-core \
        NotoSerifCJKKR=fonts-noto-cjk; do
        case "$families" in
            *"${pair%=*}"*) ;;
            *) echo "${pair#*=}" ;;
        esac
    done
}

ready_office() {
    packages=$(missing | sort -u | paste -s -d ' ' -)
    if [ -z "$packages" ]; then return; fi
    if may_apt; then
        say 'LibreOffice Writer와 한글 글꼴을 설치합니다. 처음 한 번, 몇 분 걸립니다 ...' \
            'Installing LibreOffice Writer and Korean fonts: once, some minutes ...'
        # shellcheck disable=SC2086 # names of packages hold no spaces
        apt_install $packages || tell_why
        packages=$(missing | sort -u | paste -s -d ' ' -)
        if [ -z "$packages" ]; then return; fi
    fi
    say 'LibreOffice Writer 또는 한글 글꼴이 없습니다. Word 문서는 지금 만들 수 있고, PDF는 아래를 설치한 뒤에 만들 수 있습니다.' \
        'LibreOffice Writer or Korean fonts are missing. Word files can be made now; PDFs wait until this is installed:'
    # Noto for Fedora: the static fonts, because the variable ones (-vf-) bear another family name.
    cat >&2 <<-END
	    Debian, Ubuntu:  ${sudo:+sudo }apt-get install --no-install-recommends $packages
	    Fedora:          ${sudo:+sudo }dnf install libreoffice-writer fontconfig naver-nanum-myeongjo-fonts naver-nanum-barun-gothic-fonts un-core-batang-fonts google-noto-serif-cjk-fonts
	    macOS:           brew install fontconfig && brew install --cask libreoffice font-nanum-myeongjo font-noto-serif-cjk-kr
	END
    say '    (macOS: 나눔바른고딕과 은바탕은 Homebrew에 없으므로 글꼴 파일을 서체 관리자로 설치하세요.)' \
        '    (macOS: Homebrew lacks NanumBarunGothic and UnBatang; install their font files with Font Book.)'
}

# What the tests ask: veraPDF, which runs on Java; a token made of software; a browser for the board; what councils open ZIPs with;
# Calc, which saves tables as people do.
dev=
if [ "${1:-}" = dev ]; then dev=yes; fi
ready_python "${1:-}"
ready_office

# Make compares dates: the stamps are written last, and in this order.
cksum requirements.txt pyproject.toml >.venv/.ready
if [ "${1:-}" = dev ]; then cksum requirements-dev.txt >.venv/.ready-dev; fi
