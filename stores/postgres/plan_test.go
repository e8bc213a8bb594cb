package postgres

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/stores"
)

// Rows are found by an index for each element of a list, even in tables that
// were empty when they were analyzed last.
func TestPlans(t *testing.T) {
	db := testserver.Postgres(t)
	s, err := Config{DSN: db.DSN}.open(t.Context(), stores.Env{}, migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), s.sql("VACUUM ANALYZE @.job, @.spec, @.run, @.history")); err != nil {
		t.Fatal(err)
	}
	for name, statement := range map[string]string{
		"getJob": getJob, "listJobs": listJobs, "findSpecs": findSpecs, "insertRuns": insertRuns, "moveJobs": moveJobs, "holdJobs": holdJobs, "dropJobs": dropJobs,
		"endJobs": endJobs, "takeRuns": takeRuns, "endRuns": endRuns, "recordRuns": recordRuns, "freeRuns": freeRuns,
		"settleJobs": settleJobs, "pruneHistory": pruneHistory, "deleteRuns": deleteRuns, "orphanRuns": orphanRuns,
	} {
		plan := explained(t, conn.Conn(), name, s.sql(statement))
		if wrong := scans.FindString(plan); wrong != "" {
			t.Errorf("%s: %s in\n%s", name, wrong, plan)
		}
	}
}

// scans finds tables that are read as a whole, and lists that are read for each
// row of a table.
var scans = regexp.MustCompile(`Seq Scan on (job|spec|run|history).*|Join Filter: .*`)

// explained returns the plan of a statement, whatever its arguments are.
func explained(t *testing.T, conn *pgx.Conn, name, statement string) string {
	t.Helper()
	prepared, err := conn.Prepare(t.Context(), name, statement)
	if err != nil {
		t.Fatal(name, err)
	}
	nulls := strings.TrimSuffix(strings.Repeat("NULL,", len(prepared.ParamOIDs)), ",")
	found, err := conn.Query(t.Context(), fmt.Sprintf(`EXPLAIN EXECUTE "%s"(%s)`, name, nulls))
	if err != nil {
		t.Fatal(name, err)
	}
	lines, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		t.Fatal(name, err)
	}
	return strings.Join(lines, "\n")
}
