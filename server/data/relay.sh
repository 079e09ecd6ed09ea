#!/bin/sh
# The relay behind port 443 (docker-compose.yml): waits until Caddy has brought the certificate of REMBUG_TURN_NAME,
# serves with REMBUG_TURN_SECRET, leads to REMBUG_PUBLIC_ADDRESS alone, takes up a certificate that was renewed.
# More words are turnserver's.
set -eu
certificates=${REMBUG_CERTIFICATES:-/certificates}

certificate() {
    # One folder for each authority that Caddy has asked; the newest counts.
    ls -t "$certificates"/*/"$REMBUG_TURN_NAME"/"$REMBUG_TURN_NAME.crt" 2>/dev/null | head -n 1
}

until [ -n "$(certificate)" ]; do sleep 1; done
crt=$(certificate)

for address in $(echo "$REMBUG_PUBLIC_ADDRESS" | tr ',' ' '); do
    set -- --allowed-peer-ip="$address" "$@"
done
turnserver -c "${REMBUG_TURN_CONF:-/relay.conf}" --realm=rembug --static-auth-secret="$REMBUG_TURN_SECRET" \
    --cert="$crt" --pkey="${crt%.crt}.key" --simple-log "$@" &
relay=$!
trap 'kill "$relay"' TERM INT

seen=$(cksum <"$crt")
while kill -0 "$relay" 2>/dev/null; do
    sleep "${REMBUG_CERTIFICATE_EVERY_S:-3600}" &
    wait $! || true
    now=$(cksum <"$crt") || continue
    if [ "$now" != "$seen" ]; then
        seen=$now
        # Its key is written after it.
        sleep 1
        kill -USR2 "$relay"
    fi
done
wait "$relay"
