# Stands in for the official Go image: this machine's toolchain, and the modules of verifier/notation without a network.
ARG DEBIAN
FROM ${DEBIAN}
COPY go /usr/local/go
COPY modules /opt/modules
ENV PATH=/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin GOPROXY=file:///opt/modules
# A setting of the base image's with which no build of ours would work, in the file that empty variables do not override.
RUN go env -w GOFLAGS=-mod=vendor
