// SPDX-License-Identifier: Apache-2.0
//
// The peer's job in PostgreSQL: tables, and one function each for one ask and for many.

#ifndef CONSENT_BENCH_POSTGRES_SCHEMA_H_
#define CONSENT_BENCH_POSTGRES_SCHEMA_H_

namespace consent::bench {

inline constexpr char kPostgresTables[] = R"(
  -- Room in each page lets a changed row stay there, and its index as it is.
  CREATE TABLE consumers (contact_point text PRIMARY KEY, granted bigint NOT NULL,
                          quota bigint NOT NULL) WITH (fillfactor = 50);
  CREATE TABLE decisions (request_id text PRIMARY KEY, contact_point text NOT NULL,
                          allowed boolean NOT NULL, decided_at timestamptz NOT NULL);)";

// Two calls with one request id at the same moment: the second fails by the primary key, and takes
// nothing.
inline constexpr char kPostgresDecide[] = R"(
  CREATE FUNCTION decide(id text, contact text) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE answer boolean;
  BEGIN
    SELECT d.allowed INTO answer FROM decisions d WHERE d.request_id = id;
    IF FOUND THEN RETURN answer; END IF;
    UPDATE consumers c SET quota = c.quota - 1 WHERE c.contact_point = contact AND c.quota > 0;
    answer := FOUND;
    INSERT INTO decisions VALUES (id, contact, answer, clock_timestamp());
    RETURN answer;
  END $$;)";

// Rows are locked in one order, so that batches do not wait for each other in a circle; and before
// quotas are read, so that nobody's last unit is taken twice. Within a batch the first asks first.
// Each batch is planned for its size: a plan for any size takes it for ten rows; and a new table is
// not to be thought small.
inline constexpr char kPostgresDecideMany[] = R"(
  CREATE FUNCTION decide_many(ids text[], contacts text[])
  RETURNS TABLE (place bigint, answer boolean) LANGUAGE plpgsql
  SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
  BEGIN
    PERFORM 1 FROM consumers c WHERE c.contact_point = ANY (contacts)
      ORDER BY c.contact_point FOR UPDATE;
    RETURN QUERY
    WITH asked AS MATERIALIZED (
      SELECT a.n, a.id, a.contact, d.allowed AS answered
      FROM unnest(ids, contacts) WITH ORDINALITY AS a(id, contact, n)
      LEFT JOIN decisions d ON d.request_id = a.id),
    fresh AS (
      SELECT DISTINCT ON (a.id) a.n, a.id, a.contact FROM asked a
      WHERE a.answered IS NULL ORDER BY a.id, a.n),
    judged AS MATERIALIZED (
      SELECT f.n, f.id, f.contact,
             row_number() OVER (PARTITION BY f.contact ORDER BY f.n) <= coalesce(c.quota, 0) AS allowed
      FROM fresh f LEFT JOIN consumers c ON c.contact_point = f.contact),
    taken AS (
      UPDATE consumers c SET quota = c.quota - t.units
      FROM (SELECT j.contact, count(*) AS units FROM judged j WHERE j.allowed GROUP BY j.contact) t
      WHERE c.contact_point = t.contact),
    logged AS (
      INSERT INTO decisions SELECT j.id, j.contact, j.allowed, clock_timestamp() FROM judged j)
    SELECT a.n, coalesce(a.answered, j.allowed)
    FROM asked a LEFT JOIN judged j ON j.id = a.id ORDER BY a.n;
  END $$;)";

}  // namespace consent::bench

#endif  // CONSENT_BENCH_POSTGRES_SCHEMA_H_
