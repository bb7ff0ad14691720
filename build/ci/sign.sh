#!/usr/bin/env bash
# Signs one image by its digest, and verifies it: what action.yml runs, and any other pipeline may. install.sh comes first.
#   IMAGE    registry/repository@sha256:...
#   PROFILE  ARN of the signing profile
#   TRUST    file with a trust document; without it, one that trusts PROFILE and nobody else
# An image that has a valid signature of PROFILE already gets no second one: a job may run again.
# Arguments are options of both `sign` and `verify`, such as --username. Exit codes are those of the command that failed:
# 64 the call is wrong, 1 denied, 2 not signed or inconclusive. Nothing is signed if the call or TRUST is wrong.
set -euo pipefail
if [ -z "${IMAGE:-}" ] || [ -z "${PROFILE:-}" ]; then
  echo "IMAGE (registry/repository@sha256:...) and PROFILE (the ARN of the signing profile) are needed. Nothing was signed." >&2
  exit 64
fi
cli="$(cd "$(dirname "$0")/../.." && pwd)/bin/ecs-image-verification"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trust="${TRUST:-$work/trust.json}"
if [ -z "${TRUST:-}" ]; then
  IMAGE="$IMAGE" PROFILE="$PROFILE" node -e '
    const { IMAGE, PROFILE } = process.env;
    const statements = [{ name: "signed-here", repositories: ["*"], identities: [PROFILE] }];
    console.log(JSON.stringify({ registries: [IMAGE.split("/")[0]], statements }));
  ' >"$trust"
fi

# With --trust, a mistake in the document is found before anything is signed.
"$cli" sign --profile "$PROFILE" --skip-if-signed --trust "$trust" --json "$@" -- "$IMAGE" >"$work/signed.json"
cat "$work/signed.json"
if [ -n "${GITHUB_OUTPUT:-}" ]; then
  node -e '
    const { signature } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    console.log(`signature=${signature.digest}\nprofile-version=${signature.profileVersion}`);
  ' "$work/signed.json" >>"$GITHUB_OUTPUT"
fi
"$cli" verify --trust "$trust" "$@" -- "$IMAGE"
