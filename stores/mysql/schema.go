package mysql

// migrations are the steps from one version of the schema to the next; its
// version is the number of steps that it has behind it. A step that has been
// released is never changed, and programs of the version before it can still
// finish runs after it. The server commits each statement of it by itself, so that
// a step has to be able to begin anew, and claims of older programs may come in
// between: these stop when the new version is written.
//
// IDs and names are bytes, since every collation of text takes some that differ
// for the same. Times are microseconds since 1970 UTC.
var migrations = []string{`
CREATE TABLE IF NOT EXISTS @ticket (
	id bigint AUTO_INCREMENT PRIMARY KEY
) ENGINE=InnoDB COMMENT 'Empty. Its AUTO_INCREMENT numbers claims and changes of jobs.';

CREATE TABLE IF NOT EXISTS @job (
	id       varbinary(1024) PRIMARY KEY,
	version  bigint NOT NULL COMMENT 'grows with each change',
	born     bigint NOT NULL DEFAULT 0 COMMENT 'the version that it began with',
	put      bigint NOT NULL DEFAULT 0 COMMENT 'the version of the last change by a user',
	next     bigint COMMENT 'its next run time; NULL: it is paused',
	waiting  int NOT NULL DEFAULT 0 COMMENT 'it is not due until fewer of its instances than this are unfinished; 0: it does not wait',
	task     varbinary(1024) NOT NULL DEFAULT '',
	executor varbinary(1024) NOT NULL DEFAULT '',
	kind     varbinary(1024) NOT NULL DEFAULT '' COMMENT 'of its trigger; empty: it has none',
	KEY job_due (waiting, next, id, task)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT 'Jobs: what changes with each run. The rest is in spec.';

CREATE TABLE IF NOT EXISTS @spec (
	job           varbinary(1024) NOT NULL,
	born          bigint NOT NULL,
	gone          varchar(10) COMMENT 'NULL, ended or deleted',
	task          varbinary(1024) NOT NULL,
	executor      varbinary(1024) NOT NULL,
	kind          varbinary(1024) NOT NULL,
	max_instances int NOT NULL,
	delivery      varchar(20) NOT NULL,
	spec          longtext NOT NULL COMMENT 'JSON',
	PRIMARY KEY (job, born),
	KEY spec_gone (gone)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
COMMENT 'What users have put, of jobs and of those that are gone and have unfinished runs.';

CREATE TABLE IF NOT EXISTS @run (
	id        bigint PRIMARY KEY,
	job       varbinary(1024) NOT NULL,
	instance  bigint NOT NULL COMMENT 'the id of the first run of its instance',
	born      bigint NOT NULL COMMENT 'of its job',
	node      varbinary(512) COMMENT 'the scheduler that holds it; NULL: it is to be handed out again',
	claim     bigint NOT NULL COMMENT 'the number of the claim that has handed it out',
	attempt   int NOT NULL,
	scheduled bigint NOT NULL,
	first     bigint NOT NULL COMMENT 'the first time that was coalesced into scheduled',
	KEY run_job (job, instance),
	KEY run_node (node, claim)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT 'Unfinished runs.';

CREATE TABLE IF NOT EXISTS @node (
	name  varbinary(512) PRIMARY KEY,
	sole  tinyint NOT NULL COMMENT 'it is alone, and has no lease',
	until bigint NOT NULL,
	state varchar(10) NOT NULL COMMENT 'alive, dead, or buried: its runs were dealt with',
	KEY node_open (state, until)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
COMMENT 'All names under which schedulers have registered.';

CREATE TABLE IF NOT EXISTS @answer (
	node  varbinary(512) PRIMARY KEY,
	claim bigint NOT NULL
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT 'The number of the last claim of each node that has changed anything.';

CREATE TABLE IF NOT EXISTS @history (
	seq       bigint AUTO_INCREMENT PRIMARY KEY,
	at        bigint NOT NULL,
	job       varbinary(1024) NOT NULL,
	outcome   varchar(20) NOT NULL,
	scheduled bigint,
	first     bigint,
	run       bigint NOT NULL,
	attempt   int NOT NULL,
	node      varbinary(512) NOT NULL,
	started   bigint,
	finished  bigint,
	reason    mediumtext NOT NULL,
	KEY history_job (job, seq)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin
COMMENT 'What became of run times, and what was done to jobs.'`}

// maxID is how many bytes an ID may have.
const maxID = 1024

// now is the server's time.
const now = "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"
