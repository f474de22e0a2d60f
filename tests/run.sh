#!/usr/bin/env bash
# Installs what the tests need, on Debian or Ubuntu with a Rust toolchain, and passes them.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n== %s\n' "$*"; }

# A Debian package for each program that is not there.
install_absent() {
    local absent=()
    command -v cc >/dev/null || absent+=(build-essential) # SQLite is compiled from its source
    command -v npm >/dev/null || absent+=(npm)            # fetches GitHub's webhook examples
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || absent+=(postgresql) # the store of several machines
    command -v valgrind >/dev/null || absent+=(valgrind)    # counts instructions
    command -v chromedriver >/dev/null || absent+=(chromium chromium-driver) # the pages in a real browser
    if [ ${#absent[@]} -eq 0 ]; then
        return
    fi
    if ! command -v apt-get >/dev/null; then
        echo "Please install first: ${absent[*]}" >&2
        exit 1
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
    fi
    say "installing ${absent[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${absent[@]}"
}

# A tool of cargo's. Unoptimised it is built in a quarter of the time, and quick enough for us.
install_tool() {
    if ! command -v "$1" >/dev/null; then
        say "installing $1"
        CARGO_PROFILE_DEV_DEBUG=0 cargo install --locked --debug "$1"
    fi
}

install_absent
export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
    rustup component add rustfmt clippy
fi
install_tool cargo-nextest
install_tool cargo-deny
tests/setup

say "format"
cargo fmt --check
say "lints"
cargo clippy --all-targets --locked -- -D warnings
say "dependencies"
cargo deny --log-level error check bans licenses sources
if GIT_TERMINAL_PROMPT=0 timeout 10 git ls-remote -q https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then
    cargo deny --log-level error check advisories
else
    echo "advisories not looked at: their database is out of reach from here"
fi
# The lints compiled it as it is shipped; the tests run it with every feature.
say "examples in the documentation"
cargo test --doc --locked --quiet --all-features
say "tests"
cargo nextest run --locked --all-features "$@"
