#!/bin/sh
# curl under test: `ci/startle run --client ci/examples/client.sh`. Put your own client in its place.
case $STARTLE_MODE in
smtp-starttls) scheme=smtp ;;
smtps) scheme=smtps ;;
*) echo "this client sends mail, and has no $STARTLE_MODE" && exit 89 ;; # it cannot do this, which is no failure
esac
set -- --disable --silent --show-error --ssl-reqd --crlf --url "$scheme://$STARTLE_HOST:$STARTLE_PORT" \
  --mail-from "$STARTLE_SENDER" --mail-rcpt "$STARTLE_RECIPIENT" --upload-file "$STARTLE_MESSAGE_FILE"
if [ "$STARTLE_CA" ]; then set -- "$@" --cacert "$STARTLE_CA"; else set -- "$@" --insecure; fi
[ ! "$STARTLE_CRL" ] || set -- "$@" --crlfile "$STARTLE_CRL"
[ ! "$STARTLE_MECHANISM" ] || set -- "$@" --login-options "AUTH=$STARTLE_MECHANISM"
[ ! "$STARTLE_CLIENT_CERTIFICATE" ] || set -- "$@" --cert "$STARTLE_CLIENT_CERTIFICATE" --key "$STARTLE_CLIENT_KEY"
[ ! "$STARTLE_USERNAME" ] || set -- "$@" --user "$STARTLE_USERNAME:$(cat "$STARTLE_PASSWORD_FILE")"
exec curl "$@"
