# Takes the place of the plugin stage: the local Signer plugin.
FROM scratch
COPY signer-plugin /out/signer-plugin
