#!/bin/sh
# Run once by the image of PostgreSQL, when its data is new.
set -eu
exec psql -v ON_ERROR_STOP=1 -U postgres \
  -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -v office_password="$OFFICE_PASSWORD" \
  -f /docker-entrypoint-initdb.d/sql/roles.sql
