package sqlite

// applicationID marks our files, in the header of SQLite files: "Cari".
const applicationID = 0x43617269

// schemas are the steps from one version of the schema to the next; the version
// of a file is the number of steps that it has behind it. A step that has been
// released is never changed, and programs of the version before it can still
// finish runs after it.
//
// Times are microseconds since 1970 UTC. NULL is no time.
var schemas = []string{`
CREATE TABLE counter (
	run   INTEGER NOT NULL, -- the ID of the last run
	floor INTEGER NOT NULL  -- no job that is gone had a greater version
) STRICT;
INSERT INTO counter VALUES (0, 0);

CREATE TABLE job (
	id      TEXT PRIMARY KEY,
	version INTEGER NOT NULL,
	born    INTEGER NOT NULL, -- the version that it began with
	put     INTEGER NOT NULL, -- the version of the last Put
	next    INTEGER,          -- NULL: paused
	waiting INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX job_due ON job (next, id) WHERE waiting = 0 AND next IS NOT NULL;
CREATE INDEX job_waiting ON job (id) WHERE waiting = 1;

-- What was put, of jobs and of those that are gone and have unfinished runs.
CREATE TABLE spec (
	job           TEXT NOT NULL,
	born          INTEGER NOT NULL,
	gone          TEXT, -- NULL, 'ended' or 'deleted'
	task          TEXT NOT NULL,
	executor      TEXT NOT NULL,
	kind          TEXT NOT NULL, -- of the trigger
	max_instances INTEGER NOT NULL,
	delivery      TEXT NOT NULL,
	spec          TEXT NOT NULL, -- JSON
	PRIMARY KEY (job, born)
) STRICT, WITHOUT ROWID;
CREATE INDEX spec_gone ON spec (job, born) WHERE gone IS NOT NULL;

-- Unfinished runs.
CREATE TABLE run (
	job       TEXT NOT NULL,
	id        INTEGER NOT NULL,
	instance  INTEGER NOT NULL,
	born      INTEGER NOT NULL, -- of the job
	node      TEXT,             -- NULL: nobody holds it
	claim     INTEGER NOT NULL, -- the Seq of the claim that has handed it out
	attempt   INTEGER NOT NULL,
	scheduled INTEGER NOT NULL,
	first     INTEGER NOT NULL,
	PRIMARY KEY (job, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_free ON run (id) WHERE node IS NULL;

-- All names that were ever registered.
CREATE TABLE node (
	name  TEXT PRIMARY KEY,
	beat  INTEGER NOT NULL, -- the lease clock at its last heartbeat
	until INTEGER,          -- on the lease clock; NULL: it is the only owner
	state TEXT NOT NULL,    -- 'alive', 'dead', or 'buried': its runs were dealt with
	claim INTEGER NOT NULL  -- the Seq of its last claim that has changed anything
) STRICT, WITHOUT ROWID;
CREATE INDEX node_open ON node (state) WHERE state <> 'buried';

-- There is no index by job: it would make each run dearer by a third.
CREATE TABLE history (
	seq       INTEGER PRIMARY KEY AUTOINCREMENT,
	at        INTEGER NOT NULL,
	job       TEXT NOT NULL,
	outcome   TEXT NOT NULL,
	scheduled INTEGER,
	first     INTEGER,
	run       INTEGER NOT NULL,
	attempt   INTEGER NOT NULL,
	node      TEXT NOT NULL,
	started   INTEGER,
	finished  INTEGER,
	reason    TEXT NOT NULL
) STRICT;
`, `
ALTER TABLE run RENAME TO run_1;

-- Unfinished runs, by their IDs, which grow: those that a claim adds stand
-- together, and so do mostly those that are finished.
CREATE TABLE run (
	id        INTEGER PRIMARY KEY,
	job       TEXT NOT NULL,
	born      INTEGER NOT NULL, -- of the job
	instance  INTEGER NOT NULL,
	node      TEXT,             -- NULL: nobody holds it
	claim     INTEGER NOT NULL, -- the Seq of the claim that has handed it out
	attempt   INTEGER NOT NULL,
	scheduled INTEGER NOT NULL,
	first     INTEGER NOT NULL
) STRICT;
INSERT INTO run SELECT id, job, born, instance, node, claim, attempt, scheduled, first FROM run_1 ORDER BY id;
DROP TABLE run_1;
CREATE INDEX run_job ON run (job, born);
CREATE INDEX run_free ON run (id) WHERE node IS NULL;

-- A job has ended if there is no job of the ID and born of its spec. So a claim
-- need not write the spec of a job that ends; it counts it.
DROP INDEX spec_gone;
UPDATE spec SET gone = NULL WHERE gone = 'ended';
ALTER TABLE counter ADD COLUMN gone INTEGER NOT NULL DEFAULT 0; -- how many specs are of jobs that are gone
UPDATE counter SET gone = (SELECT count(*) FROM spec WHERE NOT EXISTS (SELECT 1 FROM job WHERE job.id = spec.job AND job.born = spec.born));
`, `
-- Why did it not run? There is no index by job and time: its pages would be all
-- over the file, while times are recorded about in their order.
CREATE INDEX history_time ON history (scheduled) WHERE scheduled IS NOT NULL;
CREATE INDEX history_coalesced ON history (job, scheduled) WHERE first < scheduled;
CREATE INDEX history_change ON history (job) WHERE scheduled IS NULL;
`}
