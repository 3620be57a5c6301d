-- The three roles and the database, made once by a superuser:
--   psql -v owner_password=… -v app_password=… -v office_password=… -f deploy/postgres/roles.sql
CREATE ROLE vitrine_owner LOGIN BYPASSRLS PASSWORD :'owner_password';
CREATE ROLE vitrine_app LOGIN NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE vitrine_office LOGIN NOBYPASSRLS PASSWORD :'office_password';
ALTER ROLE vitrine_app SET plan_cache_mode = force_custom_plan;
CREATE DATABASE vitrine OWNER vitrine_owner TEMPLATE template0 ENCODING 'UTF8';
