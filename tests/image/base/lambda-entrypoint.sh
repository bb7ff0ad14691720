#!/bin/sh
# Docker gives this HOME to a user that the image does not know; Lambda gives none.
[ "$HOME" = / ] && unset HOME
export _HANDLER="$1"
exec /var/lang/bin/node /var/runtime/node_modules/aws-lambda-ric/index.mjs
