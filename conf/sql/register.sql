-- Registers the tables of a lake in the catalog of the session, which the Hive metastore keeps if there is one:
--   spark-sql -d lake=/path/or/s3a://bucket/lake -f register.sql
-- Columns and comments are the tables' own. Run it again when Lodestone has new tables.
CREATE DATABASE IF NOT EXISTS lodestone COMMENT 'On whom importers depend: tables of Lodestone';
USE lodestone;
CREATE TABLE IF NOT EXISTS flow USING DELTA LOCATION '${lake}/flow';
CREATE TABLE IF NOT EXISTS source_file USING DELTA LOCATION '${lake}/source_file';
CREATE TABLE IF NOT EXISTS reject USING DELTA LOCATION '${lake}/reject';
CREATE TABLE IF NOT EXISTS reconciliation USING DELTA LOCATION '${lake}/reconciliation';
CREATE TABLE IF NOT EXISTS supplier USING DELTA LOCATION '${lake}/supplier';
CREATE TABLE IF NOT EXISTS world_trade USING DELTA LOCATION '${lake}/world_trade';
CREATE TABLE IF NOT EXISTS dependency USING DELTA LOCATION '${lake}/dependency';
CREATE TABLE IF NOT EXISTS series_before USING DELTA LOCATION '${lake}/series_before';
CREATE TABLE IF NOT EXISTS trend USING DELTA LOCATION '${lake}/trend';
CREATE TABLE IF NOT EXISTS change USING DELTA LOCATION '${lake}/change';
CREATE TABLE IF NOT EXISTS dependence_spell USING DELTA LOCATION '${lake}/dependence_spell';
CREATE TABLE IF NOT EXISTS dependence_churn USING DELTA LOCATION '${lake}/dependence_churn';
CREATE TABLE IF NOT EXISTS model USING DELTA LOCATION '${lake}/model';
CREATE TABLE IF NOT EXISTS coefficient USING DELTA LOCATION '${lake}/coefficient';
CREATE TABLE IF NOT EXISTS expected_flow USING DELTA LOCATION '${lake}/expected_flow';
CREATE TABLE IF NOT EXISTS entry USING DELTA LOCATION '${lake}/entry';
CREATE TABLE IF NOT EXISTS link_survival USING DELTA LOCATION '${lake}/link_survival';
CREATE TABLE IF NOT EXISTS adjustment USING DELTA LOCATION '${lake}/adjustment';
CREATE TABLE IF NOT EXISTS forecast USING DELTA LOCATION '${lake}/forecast';
CREATE TABLE IF NOT EXISTS typology USING DELTA LOCATION '${lake}/typology';
CREATE TABLE IF NOT EXISTS mix USING DELTA LOCATION '${lake}/mix';
CREATE TABLE IF NOT EXISTS candidate USING DELTA LOCATION '${lake}/candidate';
CREATE TABLE IF NOT EXISTS run USING DELTA LOCATION '${lake}/run';
CREATE TABLE IF NOT EXISTS `check` USING DELTA LOCATION '${lake}/check';
CREATE TABLE IF NOT EXISTS trend_monthly USING DELTA LOCATION '${lake}/trend_monthly';
