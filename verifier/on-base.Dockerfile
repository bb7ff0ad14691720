# The verifier image of an environment, on a base image: what the target `base` of the Dockerfile beside this one makes. Needs
# BuildKit. Nothing is compiled or fetched, and nothing is copied from the context.
ARG BASE_IMAGE

FROM ${BASE_IMAGE} AS base

# The configuration, checked by the programs of the base itself: those that will read it. They run on the machine that builds,
# whatever the image is for: of an index Docker takes the image for this machine. One image for another architecture would
# have to be emulated here ("exec format error").
FROM --platform=$BUILDPLATFORM ${BASE_IMAGE} AS configuration
WORKDIR /opt/ecs-image-verification
# One step for each check, since Docker repeats a step that fails as a whole, below its message.
RUN if [ ! -f check-settings.js ]; then \
      echo "BASE_IMAGE is not a base image of this verifier: it has no $PWD/check-settings.js" >&2; exit 1; \
    fi
RUN if [ -f settings.json ]; then \
      echo "BASE_IMAGE has the configuration of an environment already: name the base image that it was made on" >&2; exit 1; \
    fi
ARG TARGETARCH
RUN --mount=type=bind,from=base,target=/base \
    found="$(cat "/base$PWD/architecture")" && \
    if [ "$found" != "$TARGETARCH" ]; then \
      echo "BASE_IMAGE is for $found, and the function for $TARGETARCH: give the digest of the index, or of the other image" >&2; exit 1; \
    fi
ARG TRUST_POLICY
RUN if [ -z "$TRUST_POLICY" ]; then echo "--build-arg TRUST_POLICY is missing: Notation's trust policy, as JSON" >&2; exit 1; fi && \
    printf '%s\n' "$TRUST_POLICY" > config/trustpolicy.json && chmod 0444 config/trustpolicy.json
ARG SETTINGS
RUN if [ -z "$SETTINGS" ]; then echo "--build-arg SETTINGS is missing: the verifier's settings, as JSON" >&2; exit 1; fi && \
    printf '%s\n' "$SETTINGS" > settings.json && chmod 0444 settings.json
ARG SETTINGS_HASH
# First the settings: their version tells whether base and program fit at all.
RUN node check-settings.js "$PWD/settings.json" "$PWD/config/trustpolicy.json" "$SETTINGS_HASH"
RUN ./notation-verifier check --config "$PWD/config"

FROM base
ARG BASE_IMAGE
ARG SETTINGS_HASH
LABEL org.opencontainers.image.title="ecs-image-verification verifier" \
      org.opencontainers.image.base.name="$BASE_IMAGE" \
      ecs-image-verification.settings="$SETTINGS_HASH"
COPY --from=configuration /opt/ecs-image-verification/settings.json /opt/ecs-image-verification/
COPY --from=configuration /opt/ecs-image-verification/config/trustpolicy.json /opt/ecs-image-verification/config/
