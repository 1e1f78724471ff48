-- What was different at a moment. `past.py` runs it with another name for `past_`, in the transaction of a search.

-- Nodes that came later, those among them that are gone again too.
CREATE TEMP TABLE past_later(nid INTEGER PRIMARY KEY);
INSERT INTO past_later
SELECT n.nid FROM hist r INDEXED BY hist_at CROSS JOIN node n ON n.nid BETWEEN r.nid AND r.last WHERE r.at > :moment AND r.last IS NOT NULL
UNION ALL
SELECT g.nid FROM hist r INDEXED BY hist_at CROSS JOIN hist g INDEXED BY hist_nid ON g.nid BETWEEN r.nid AND r.last
WHERE r.at > :moment AND r.last IS NOT NULL AND g.last IS NULL AND g.change = 'deleted';

-- Nodes that changed once since, in nothing but their document: it was what it is now with the patch of history's row `seq`.
CREATE TEMP TABLE past_undone(nid INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
INSERT INTO past_undone
SELECT g.nid, g.seq
FROM (SELECT nid, max(seq) AS seq FROM hist INDEXED BY hist_at WHERE at > :moment AND last IS NULL GROUP BY nid HAVING count(*) = 1) g
CROSS JOIN hist h ON h.seq = g.seq
WHERE h.change = 'updated' AND substr(h.before, 1, 12) = '{"reported":' AND g.nid NOT IN (SELECT nid FROM past_later);

-- All other nodes that are different now, or gone. Here is how they are, or were last; `UNDO` goes back from there.
CREATE TEMP TABLE past_then(nid INTEGER PRIMARY KEY, id, gid, region, zone, name, rid, ctime, meta, desired, expires, created, updated, reported);
INSERT OR IGNORE INTO past_then
SELECT n.nid, n.id, n.gid, n.region, n.zone, n.name, n.rid, n.ctime, n.meta, n.desired, n.expires, n.created, n.updated, d.reported
FROM hist h INDEXED BY hist_at CROSS JOIN node n ON n.nid = h.nid CROSS JOIN doc d ON d.nid = h.nid
WHERE h.at > :moment AND h.change = 'updated'
  AND h.nid NOT IN (SELECT nid FROM past_later) AND h.nid NOT IN (SELECT nid FROM past_undone);
INSERT INTO past_then
SELECT
  nid,
  id,
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
FROM hist INDEXED BY hist_at
WHERE at > :moment AND change = 'deleted' AND nid NOT IN (SELECT nid FROM past_later);

-- All of these.
CREATE TEMP TABLE past_changed(nid INTEGER PRIMARY KEY);
INSERT INTO past_changed SELECT nid FROM past_later UNION ALL SELECT nid FROM past_undone UNION ALL SELECT nid FROM past_then;

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
