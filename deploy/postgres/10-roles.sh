#!/bin/sh
# Run once by the postgres image, on an empty volume: the role that owns and migrates, and the one that runs.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres -v ON_ERROR_STOP=1 \
  -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE ispath_app LOGIN PASSWORD :'app_password';
CREATE ROLE ispath_owner LOGIN PASSWORD :'owner_password' IN ROLE ispath_app;
CREATE DATABASE ispath OWNER ispath_owner;
SQL
