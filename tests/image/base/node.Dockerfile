# Stands in for AWS's Node.js base image: the same places, the same interface client, another Linux.
ARG DEBIAN
FROM ${DEBIAN}
COPY node /var/lang/bin/node
COPY runtime /var/runtime/node_modules
COPY lambda-entrypoint.sh /lambda-entrypoint.sh
RUN chmod 0755 /lambda-entrypoint.sh && chmod -R a+rX /var/lang /var/runtime && mkdir /var/task
ENV PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    TZ=:/etc/localtime \
    LAMBDA_TASK_ROOT=/var/task \
    LAMBDA_RUNTIME_DIR=/var/runtime
WORKDIR /var/task
ENTRYPOINT ["/lambda-entrypoint.sh"]
