# Stands in for AWS's Node.js base image and for the plugin stage, both for another processor than this machine's: nothing of it
# is ever run.
FROM scratch
COPY signer-plugin /out/signer-plugin
ENV LAMBDA_TASK_ROOT=/var/task
WORKDIR /var/task
