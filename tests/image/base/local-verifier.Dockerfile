# The built image for the stand-ins of this machine: a registry without TLS, a Signer at another address and under
# another root. Nothing in the image itself allows any of that.
ARG VERIFIER
FROM ${VERIFIER} AS verifier
FROM ${VERIFIER}
COPY --from=verifier /opt/ecs-image-verification/notation-verifier /opt/ecs-image-verification/real-notation-verifier
COPY notation-verifier /opt/ecs-image-verification/notation-verifier
COPY root.crt /opt/ecs-image-verification/config/truststore/x509/signingAuthority/aws-signer-ts/root.crt
