-- Runs once, on the empty volume of docker-compose.yml: the servers' user owns one database and is no superuser. Its password is
-- the one in the servers' own URL. Only a superuser can install pgvector.
\set password `sed -n 's#^postgres://mcp1688:\([A-Za-z0-9]*\)@.*#\1#p' /run/secrets/store`
CREATE ROLE mcp1688 LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE mcp1688 OWNER mcp1688;
REVOKE CONNECT ON DATABASE mcp1688 FROM PUBLIC;
\connect mcp1688
CREATE EXTENSION vector;
