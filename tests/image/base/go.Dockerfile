# Stands in for the official Go image: this machine's toolchain, and the modules of verifier/notation without a network.
ARG DEBIAN
FROM ${DEBIAN}
COPY go /usr/local/go
COPY modules /opt/modules
ENV PATH=/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin GOPROXY=file:///opt/modules
