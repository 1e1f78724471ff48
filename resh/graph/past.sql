-- What was different at a moment. `past.py` runs it with another name for `past_`, in the transaction of a search: of the parts between the
-- lines of `=`, those that the search reads.

-- = nodes
-- What was recorded since, except where nothing changed but a document.
CREATE TEMP TABLE past_since(seq INTEGER PRIMARY KEY, change, nid, last);
INSERT INTO past_since
SELECT seq, change, nid, last FROM hist INDEXED BY hist_at
WHERE at > :moment AND (change <> 'updated' OR substr(before, 1, 12) <> '{"reported":');

-- Nodes that came later, those among them that are gone again too.
CREATE TEMP TABLE past_later(nid INTEGER PRIMARY KEY);
INSERT INTO past_later
SELECT n.nid FROM past_since r CROSS JOIN node n ON n.nid BETWEEN r.nid AND r.last WHERE r.last IS NOT NULL
UNION ALL
SELECT g.nid FROM past_since r CROSS JOIN hist g INDEXED BY hist_nid ON g.nid BETWEEN r.nid AND r.last
WHERE r.last IS NOT NULL AND g.last IS NULL AND g.change = 'deleted';

-- Nodes whose row in `node` was another one, and those that are gone. Here is how they are, or were last; `UNDO` goes back from there.
CREATE TEMP TABLE past_then(nid INTEGER PRIMARY KEY, id, gid, region, zone, name, rid, ctime, meta, desired, expires, created, updated, reported);
INSERT OR IGNORE INTO past_then
SELECT n.nid, n.id, n.gid, n.region, n.zone, n.name, n.rid, n.ctime, n.meta, n.desired, n.expires, n.created, n.updated, d.reported
FROM past_since s CROSS JOIN node n ON n.nid = s.nid CROSS JOIN doc d ON d.nid = s.nid
WHERE s.change = 'updated' AND s.nid NOT IN (SELECT nid FROM past_later);
INSERT INTO past_then
SELECT
  h.nid,
  h.id,
  coalesce((
    SELECT gid FROM account a
    WHERE a.cloud = before ->> '$.ancestors.cloud.reported.id' AND a.id = before ->> '$.ancestors.account.reported.id'
  ), 0),
  before ->> '$.ancestors.region.reported.id',
  before ->> '$.ancestors.zone.reported.id',
  name,
  CAST(before ->> '$.reported.id' AS TEXT),
  CAST(before ->> '$.reported.ctime' AS TEXT),
  nullif(json_remove(before -> '$.metadata', '$.expires', '$.stale', '$.last_seen'), '{}'),
  nullif(before -> '$.desired', '{}'),
  before ->> '$.metadata.expires',
  unixepoch(before ->> '$.created'),
  unixepoch(before ->> '$.updated'),
  jsonb_extract(before, '$.reported')
FROM past_since s CROSS JOIN hist h ON h.seq = s.seq
WHERE s.change = 'deleted' AND s.nid NOT IN (SELECT nid FROM past_later);

-- All of these: their rows in `node` say nothing of the moment.
CREATE TEMP TABLE past_moved(nid INTEGER PRIMARY KEY);
INSERT INTO past_moved SELECT nid FROM past_later UNION ALL SELECT nid FROM past_then;

-- = documents
-- Nodes that changed in nothing but their document. Once: it was what it is now with the patch of history's row `seq`. More often: see `old`.
CREATE TEMP TABLE past_patched(nid INTEGER PRIMARY KEY, seq INTEGER);
INSERT INTO past_patched
SELECT nid, seq FROM hist INDEXED BY hist_at WHERE at > :moment AND change = 'updated' AND nid NOT IN (SELECT nid FROM past_moved)
ON CONFLICT(nid) DO UPDATE SET seq = NULL;

-- Documents that changed more than once, as they are now; `UNDO_DOCUMENTS` goes back from there.
CREATE TEMP TABLE past_old(nid INTEGER PRIMARY KEY, updated, reported);
INSERT INTO past_old SELECT p.nid, NULL, d.reported FROM past_patched p CROSS JOIN doc d ON d.nid = p.nid WHERE p.seq IS NULL;

-- = edges
-- Typed as `edge` is: compared with columns of another affinity, an index is of no use.
-- Edges between nodes that were there, but not the edges: what happened to one first tells how it was.
CREATE TEMP TABLE past_came(et INTEGER, src INTEGER, dst INTEGER, PRIMARY KEY (et, src, dst)) WITHOUT ROWID;
INSERT INTO past_came
SELECT et, src, dst
FROM (SELECT et, src, dst, change, min(seq) FROM edge_hist INDEXED BY edge_hist_at WHERE at > :moment GROUP BY et, src, dst)
WHERE change = 'created';

-- Edges that were there and are no more.
CREATE TEMP TABLE past_went(et INTEGER, src INTEGER, dst INTEGER, PRIMARY KEY (et, src, dst)) WITHOUT ROWID;
CREATE INDEX temp.past_went_in ON past_went(et, dst, src);
INSERT INTO past_went
SELECT et, src, dst
FROM (SELECT et, src, dst, change, min(seq) FROM edge_hist INDEXED BY edge_hist_at WHERE at > :moment GROUP BY et, src, dst) f
WHERE change = 'deleted' AND src NOT IN (SELECT nid FROM past_later) AND dst NOT IN (SELECT nid FROM past_later)
  AND NOT EXISTS (SELECT 1 FROM edge e WHERE e.et = f.et AND e.src = f.src AND e.dst = f.dst);
