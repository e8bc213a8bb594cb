package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// schema is the name of the database schema.
type schema string

// in puts the schema's name in the place of each @.
func (s schema) in(text string) string { return strings.ReplaceAll(text, "@", `"`+string(s)+`"`) }

// channel is where changes are notified.
func (s schema) channel() string { return "carillon_" + string(s) }

// migrations are the steps from one version of the schema to the next; its
// version is the number of steps that it has behind it. A step that has been
// released is never changed, and programs of the version before it can still
// finish runs after it.
var migrations = []string{`
CREATE SEQUENCE @.version AS bigint INCREMENT BY 1048576;
CREATE SEQUENCE @.claims AS bigint;

CREATE TABLE @.job (
	id       text COLLATE "C" PRIMARY KEY,
	version  bigint NOT NULL,
	born     bigint NOT NULL,
	put      bigint NOT NULL,
	next     timestamptz,
	waiting  integer NOT NULL DEFAULT 0,
	task     text NOT NULL,
	executor text NOT NULL,
	kind     text NOT NULL
);
CREATE INDEX job_due ON @.job (next, id) WHERE waiting = 0 AND next IS NOT NULL;
CREATE INDEX job_waiting ON @.job (id) WHERE waiting > 0;
COMMENT ON TABLE @.job IS 'Jobs: what changes with each run. The rest is in spec.';
COMMENT ON COLUMN @.job.version IS 'grows with each change';
COMMENT ON COLUMN @.job.born IS 'the version that it began with';
COMMENT ON COLUMN @.job.put IS 'the version of the last change by a user';
COMMENT ON COLUMN @.job.next IS 'its next run time; NULL: it is paused';
COMMENT ON COLUMN @.job.waiting IS 'it is not due until fewer of its instances than this are unfinished; 0: it does not wait';
COMMENT ON COLUMN @.job.kind IS 'of its trigger; empty: it has none';

CREATE TABLE @.spec (
	job           text COLLATE "C" NOT NULL,
	born          bigint NOT NULL,
	gone          text,
	task          text NOT NULL,
	executor      text NOT NULL,
	kind          text NOT NULL,
	max_instances integer NOT NULL,
	delivery      text NOT NULL,
	spec          json NOT NULL,
	PRIMARY KEY (job, born)
);
CREATE INDEX spec_gone ON @.spec (job, born) WHERE gone IS NOT NULL;
COMMENT ON TABLE @.spec IS 'What users have put, of jobs and of those that are gone and have unfinished runs.';
COMMENT ON COLUMN @.spec.gone IS 'NULL, ended or deleted';

CREATE TABLE @.run (
	job       text COLLATE "C" NOT NULL,
	id        bigint NOT NULL,
	instance  bigint NOT NULL,
	born      bigint NOT NULL,
	node      text,
	claim     bigint NOT NULL,
	attempt   integer NOT NULL,
	scheduled timestamptz NOT NULL,
	first     timestamptz NOT NULL,
	last      boolean NOT NULL,
	PRIMARY KEY (job, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX run_free ON @.run (id) WHERE node IS NULL;
COMMENT ON TABLE @.run IS 'Unfinished runs.';
COMMENT ON COLUMN @.run.instance IS 'the id of the first run of its instance';
COMMENT ON COLUMN @.run.born IS 'of its job';
COMMENT ON COLUMN @.run.node IS 'the scheduler that holds it; NULL: it is to be handed out again';
COMMENT ON COLUMN @.run.claim IS 'the number of the claim that has handed it out';
COMMENT ON COLUMN @.run.first IS 'the first time that was coalesced into scheduled';

CREATE TABLE @.node (
	name  text COLLATE "C" PRIMARY KEY,
	sole  boolean NOT NULL,
	until timestamptz NOT NULL,
	state text NOT NULL
);
CREATE INDEX node_open ON @.node (until) WHERE state <> 'buried';
COMMENT ON COLUMN @.run.last IS 'its job has ended with it, and its settings end with it';
COMMENT ON TABLE @.node IS 'All names under which schedulers have registered.';
COMMENT ON COLUMN @.node.sole IS 'it is alone, and has no lease';
COMMENT ON COLUMN @.node.state IS 'alive, dead, or buried: its runs were dealt with';

CREATE TABLE @.answer (
	node  text COLLATE "C" PRIMARY KEY,
	claim bigint NOT NULL
);
COMMENT ON TABLE @.answer IS 'The number of the last claim of each node that has changed anything.';

CREATE TABLE @.history (
	seq       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at        timestamptz NOT NULL DEFAULT clock_timestamp(),
	job       text COLLATE "C" NOT NULL,
	outcome   text NOT NULL,
	scheduled timestamptz,
	first     timestamptz,
	run       bigint NOT NULL,
	attempt   integer NOT NULL,
	node      text NOT NULL,
	started   timestamptz,
	finished  timestamptz,
	reason    text NOT NULL
);
CREATE INDEX history_job ON @.history (job, seq);
COMMENT ON TABLE @.history IS 'What became of run times, and what was done to jobs.';
`}

// migrate makes the schema, or brings it to the last of the versions. Of
// several who try at once, one does it and the others wait.
func (s *store) migrate(ctx context.Context, steps []string) error {
	version, err := s.version(ctx, s.pool)
	if err != nil || version >= len(steps) {
		return errors.Join(err, s.supports(version))
	}
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL lock_timeout = 0"); err != nil { // however long the others take
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", s.schema.channel()); err != nil {
			return err
		}
		version, err := s.version(ctx, tx)
		switch {
		case err != nil || version >= len(steps):
			return errors.Join(err, s.supports(version))
		case version == 0:
			err = s.create(ctx, tx)
		default:
			_, err = tx.Exec(ctx, s.sql(stopClaims))
		}
		if err != nil {
			return err
		}
		for i, step := range steps[version:] {
			if _, err := tx.Exec(ctx, s.schema.in(step), pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("schema version %d: %w", version+i+1, err)
			}
		}
		_, err = tx.Exec(ctx, s.schema.in("UPDATE @.meta SET version = $1"), len(steps))
		return err
	})
}

// stopClaims has the schema changed between claims. Those of programs that do
// not know the new version find it then, and fail.
const stopClaims = "LOCK TABLE @.answer IN EXCLUSIVE MODE"

// supports refuses a version that is too new.
func (s *store) supports(version int) error {
	if version <= s.knows {
		return nil
	}
	return fmt.Errorf("schema %q has version %d and this program knows versions up to %d; use the program's newer version, or another schema", string(s.schema), version, s.knows)
}

// create makes the schema unless it is there, as it may be for users who are
// not allowed to.
func (s *store) create(ctx context.Context, tx pgx.Tx) error {
	var there bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", string(s.schema)).Scan(&there); err != nil {
		return err
	}
	text := s.schema.in("CREATE TABLE @.meta (version integer NOT NULL); INSERT INTO @.meta VALUES (0)")
	if !there {
		text = s.schema.in("CREATE SCHEMA @; ") + text
	}
	_, err := tx.Exec(ctx, text, pgx.QueryExecModeSimpleProtocol)
	return err
}

// findMeta looks at the catalogue itself: what to_regclass knows may be from
// before a lock was waited for.
const findMeta = `
SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
	WHERE n.nspname = $1 AND c.relname = 'meta')`

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// version returns the version of the schema, 0 if it has none.
func (s *store) version(ctx context.Context, q querier) (version int, err error) {
	var there bool
	err = q.QueryRow(ctx, findMeta, string(s.schema)).Scan(&there)
	if err != nil || !there {
		return 0, err
	}
	err = q.QueryRow(ctx, s.schema.in("SELECT version FROM @.meta")).Scan(&version)
	if errors.Is(err, pgx.ErrNoRows) {
		err = fmt.Errorf("schema %q has an empty table meta; it is damaged, or that of another program", string(s.schema))
	}
	return version, err
}
