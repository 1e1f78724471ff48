-- The graph, version 3. `sqlite.py` and its neighbours write it; the search emitter reads it.
-- Times that clouds report (ctime) or tags (expires) are ISO 8601 text in UTC, our own are epoch seconds.

-- `gen` grows with every change of a kind: caches are good while max(gen) stays. `spec` is NULL until a merge declares the kind.
CREATE TABLE kind (
  kid  INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  spec TEXT,
  gen  INTEGER NOT NULL
);
CREATE INDEX kind_gen ON kind(gen);

-- The properties that declared kinds have of their own, for whoever has a name and asks for its types.
CREATE TABLE property (
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  kid  INTEGER NOT NULL,
  PRIMARY KEY (name, type, kid)
) WITHOUT ROWID;

-- An account is the unit of a merge. Row 0 is the graph's own: it holds the root and the clouds, and has no names.
-- `gen` grows whenever nodes or edges of the account change.
CREATE TABLE account (
  gid    INTEGER PRIMARY KEY,
  cloud  TEXT,
  id     TEXT,
  name   TEXT,
  merged REAL NOT NULL DEFAULT 0,
  nodes  INTEGER NOT NULL DEFAULT 0,
  gen    INTEGER NOT NULL DEFAULT 0,
  UNIQUE (cloud, id)
);
INSERT INTO account(gid) VALUES (0);

-- One kind in one region of an account. `at` is the last report, `read_at` the last one that was read whole; status NULL: never reported.
-- `held_at` is since when missing nodes wait for confirmation (0: none do). `stale`: answers that depend on the scope may
-- not be complete: 1 it could not be read, or has nodes that were not seen; 2 a cap left some out.
CREATE TABLE scope (
  sid       INTEGER PRIMARY KEY,
  gid       INTEGER NOT NULL,
  region    TEXT NOT NULL,
  kind      TEXT NOT NULL,
  status    TEXT,
  count     INTEGER NOT NULL DEFAULT 0,
  operation TEXT NOT NULL DEFAULT '',
  code      TEXT NOT NULL DEFAULT '',
  message   TEXT NOT NULL DEFAULT '',
  at        REAL NOT NULL DEFAULT 0,
  read_at   REAL NOT NULL DEFAULT 0,
  held_at   REAL NOT NULL DEFAULT 0,
  stale     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (gid, region, kind)
);
CREATE INDEX scope_stale ON scope(kind, gid, region, read_at, stale) WHERE stale;

-- Thin: what filters, sorts and joins need. nid = kid << 40 | sequence, so a kind is a range of rowids.
-- `rid` is the provider's id; `hash` covers what the cloud said, never meta and desired, which are people's (JSON text, NULL when empty).
-- `stale` is NULL, or when the node was last seen, since its scope could not be read.
CREATE TABLE node (
  nid     INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  gid     INTEGER NOT NULL,
  sid     INTEGER NOT NULL,
  region  TEXT,
  zone    TEXT,
  name    TEXT,
  rid     TEXT,
  ctime   TEXT,
  hash    BLOB NOT NULL,
  meta    TEXT,
  desired TEXT,
  stale   REAL,
  expires TEXT,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE INDEX node_account ON node(gid, sid);
CREATE INDEX node_name    ON node(name);
CREATE INDEX node_rid     ON node(rid);
CREATE INDEX node_ctime   ON node(ctime);
CREATE INDEX node_expires ON node(expires) WHERE expires IS NOT NULL;
CREATE INDEX node_stale   ON node(gid) WHERE stale IS NOT NULL;
CREATE INDEX node_desired ON node(nid) WHERE desired IS NOT NULL;

-- Fat: the whole document, JSONB.
CREATE TABLE doc (
  nid      INTEGER PRIMARY KEY,
  reported BLOB NOT NULL
);
-- Who is in which state: what people ask for most, see `search/sql/states.py`.
CREATE INDEX doc_instance_status ON doc(reported ->> '$.instance_status') WHERE reported ->> '$.instance_status' IS NOT NULL;
CREATE INDEX doc_volume_status   ON doc(reported ->> '$.volume_status')   WHERE reported ->> '$.volume_status' IS NOT NULL;

-- et: 0 default, 1 delete. gid: whose merge made it (two accounts may tell of the same edge). own: the end that did, 1 source, 2 target, 3 both.
CREATE TABLE edge (
  et  INTEGER NOT NULL,
  src INTEGER NOT NULL,
  dst INTEGER NOT NULL,
  gid INTEGER NOT NULL,
  own INTEGER NOT NULL,
  PRIMARY KEY (et, src, dst, gid)
) WITHOUT ROWID;
CREATE INDEX edge_in ON edge(et, dst, src);

-- The edges of an account, packed by `adjacency.py`. One that both ends told of is packed twice; `edges` counts it once, as the table has it.
CREATE TABLE adj (
  gid    INTEGER PRIMARY KEY,
  edges  INTEGER NOT NULL,
  packed BLOB NOT NULL
);

-- How much of a node was used: samples over time, such as (cpu, 12.5, 20, 97.1).
CREATE TABLE usage (
  nid    INTEGER NOT NULL,
  metric TEXT NOT NULL,
  at     INTEGER NOT NULL,
  min    REAL NOT NULL,
  avg    REAL NOT NULL,
  max    REAL NOT NULL,
  PRIMARY KEY (nid, metric, at)
) WITHOUT ROWID;
CREATE INDEX usage_at ON usage(at);

-- What changed. A merge writes one `created` row for a run of new nodes, `nid` to `last`. Of an `updated` one `before` leads back: old values
-- of columns of `node` that changed ("columns"), merge patches (RFC 7396) from the new section to the old one ("desired", "metadata",
-- "reported"), the time of the change before ("updated"). Of a `deleted` one it is the whole document; id and name are here then.
-- A nid is never given to another node while a row tells of it.
CREATE TABLE hist (
  seq    INTEGER PRIMARY KEY,
  at     REAL NOT NULL,
  change TEXT NOT NULL,
  nid    INTEGER NOT NULL,
  last   INTEGER,
  id     TEXT,
  name   TEXT,
  by     TEXT NOT NULL,
  before TEXT
);
CREATE INDEX hist_at      ON hist(at);
CREATE INDEX hist_nid     ON hist(nid) WHERE last IS NULL;
CREATE INDEX hist_created ON hist(nid) WHERE last IS NOT NULL;
CREATE INDEX hist_id      ON hist(id) WHERE id IS NOT NULL;

-- Edges that went (`deleted`), and those that came between two nodes that were there before (`created`), whoever told of them.
CREATE TABLE edge_hist (
  seq    INTEGER PRIMARY KEY,
  at     REAL NOT NULL,
  change TEXT NOT NULL,
  et     INTEGER NOT NULL,
  src    INTEGER NOT NULL,
  dst    INTEGER NOT NULL
);
CREATE INDEX edge_hist_at ON edge_hist(at);

-- Since when the history is complete: the first merge, later what was forgotten. No row: nothing was merged.
CREATE TABLE horizon (
  at REAL NOT NULL
);
