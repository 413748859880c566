#!/usr/bin/env bash
# Runs the plugin's tests on Debian 13: QGIS 3.40, Python 3.13, Debian's own PyTorch and rasterio.
#
#   tests/trixie.sh ROOT PYTHON ZIP
#
# ROOT is the folder of a Debian 13 that is made on the first call and kept for the next.
# PYTHON has pip, which fetches torch_geometric, the one package that Debian does not have.
# ZIP is the packed plugin, in the working tree.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
packages=(
	qgis python3-qgis qgis-providers python3-pytest python3-venv
	python3-{click,jinja2,matplotlib,pandas,pooch,psutil,pyogrio,pyproj,rasterio,safetensors}
	python3-{scipy,shapely,sklearn,torch,yaml}
	python3-{aiohttp,fsspec,pyparsing,requests,tqdm,xxhash} # what torch_geometric imports
)

# The machine's own mirror of Debian; nothing where it has none, and debootstrap knows one.
find_mirror() {
	. /etc/os-release
	if [ "$ID" = debian ]; then
		apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
			"Release: $VERSION_CODENAME" 'Component: main' | sed -n '/^http/{p;q}'
	fi
}

# Run a command in the root, with mounts and processes that end with it, however it ends.
# The working tree is read-only there. The outer bash stays, to reap orphans.
inside() {
	unshare --mount --pid --fork --kill-child bash -euc '
		mount -t proc proc "$1/proc"
		mount --rbind /dev "$1/dev"
		mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
		mount --bind "$2" "$1/mnt"
		mount -o remount,bind,ro "$1/mnt"
		code=0
		chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
			"${@:3}" || code=$?
		exit $code' inside "$root" "$here" "$@"
}

make_root() {
	echo "Making a Debian 13 in $root; this takes some minutes."
	rm -rf "$root"
	mkdir -p "$root"
	touch "$root/.geohg"
	debootstrap --force-check-gpg --variant=minbase --include=ca-certificates \
		trixie "$root" $(find_mirror) >"$root.log"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	apt-config dump | sed -En '/^Acquire::(https?|Check|Retries)/p' >"$root/etc/apt/apt.conf.d/90machine"
	if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
		cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
	fi
	local proxies
	mapfile -t proxies < <(env | grep -Ei '^[a-z]+_proxy=' || true)
	local apt=("${proxies[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
	apt+=(-o Dpkg::Options::=--force-unsafe-io) # a root cut short is made anew
	inside "${apt[@]}" update >>"$root.log"
	inside "${apt[@]}" install --no-install-recommends "${packages[@]}" >>"$root.log"
	inside "${apt[@]}" clean
	"$python" -m pip install --quiet --no-input --no-deps --no-compile \
		--target "$root/usr/local/lib/python3.13/dist-packages" -r <(echo "$geometric")
	echo "$recipe" >"$root/.geohg"
}

if [ "$(id -u)" != 0 ]; then
	echo "A Debian 13 can only be made and entered as root: call 'sudo make test-trixie'." >&2
	exit 1
fi
root=$(realpath -m "$1")
python=$2
zip=$(realpath --relative-to="$here" "$3")
if [ -e "$root" ] && [ ! -f "$root/.geohg" ]; then
	echo "$root is there already and was not made by this script; name another folder in TRIXIE." >&2
	exit 1
fi
mkdir -p "$(dirname "$root")"
exec 9>"$root.lock" # open in all that runs in the root, too
if ! flock --nonblock 9; then
	echo "Another 'make test-trixie' works in $root; wait for its end, or name another in TRIXIE." >&2
	exit 1
fi
geometric=$(sed -n '/^torch-geometric==/,/[^\\]$/p' "$here/engine/requirements.txt")
recipe="${packages[*]} $geometric"
if [ "$(cat "$root/.geohg" 2>/dev/null)" != "$recipe" ]; then
	make_root
fi

lane() {
	echo "Tests on Debian 13 with GEOHG_RUN_IN=$1:"
	inside ${OMP_NUM_THREADS:+"OMP_NUM_THREADS=$OMP_NUM_THREADS"} GEOHG_RUN_IN="$1" \
		GEOHG_PYTHON=/usr/bin/python3 GEOHG_ZIP="/mnt/$zip" \
		QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1 \
		python3 -m pytest -p no:cacheprovider "${@:2}"
}
lane process /mnt/tests/plugin
lane inside /mnt/tests/plugin/test_{chain,inside,interpolate,qgis_process}.py
