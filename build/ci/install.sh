#!/usr/bin/env bash
# Installs what signing and verifying in a pipeline needs: the npm packages of the command line, AWS's Signer plugin where
# Notation keeps its plugins, and the program that verifies. Needs Node.js and Go.
# SIGNER_PLUGIN names a plugin that is installed already.
set -euo pipefail
cd "$(dirname "$0")/../.."

for needed in node npm go; do
  if ! command -v "$needed" >/dev/null; then
    echo "$needed is not installed: install Node.js 22 or newer and Go 1.26 or newer, and run this again." >&2
    exit 1
  fi
done

npm ci --no-audit --no-fund

name=com.amazonaws.signer.notation.plugin
plugin="${SIGNER_PLUGIN:-${NOTATION_LIBEXEC:-${NOTATION_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/notation}}/plugins/$name/notation-$name}"
if [ -n "${SIGNER_PLUGIN:-}" ] && [ ! -x "$plugin" ]; then
  echo "SIGNER_PLUGIN=$plugin is not an executable file." >&2
  exit 1
fi
if [ ! -x "$plugin" ]; then
  bin/ecs-image-verification plugin install
fi

# The first call would build it too, in the middle of the signing.
node --import tsx build/ci/build-verifier.ts
