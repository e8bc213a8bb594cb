package torture

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/internal/testserver"
)

func TestMain(m *testing.M) { Main(m) }

// lease is the workers' lease.
const lease = time.Second

// engine is a store to torture.
type engine struct {
	name   string
	server func(testing.TB, ...testserver.Option) *testserver.Database // nil: it is embedded
}

var rows = []engine{
	{name: "sqlite"},
	{name: "postgres", server: testserver.Postgres},
	{name: "redis", server: testserver.Redis},
	{name: "mysql", server: testserver.MariaDB},
}

// empty returns an empty store.
func (e engine) empty(t *testing.T) Place {
	t.Helper()
	if e.server == nil {
		return Place{e.name, filepath.Join(t.TempDir(), "jobs.db")}
	}
	return Place{e.name, e.server(t).DSN}
}

// onEachEngine runs a test for each engine that CARILLON_ENGINES asks for.
func onEachEngine(t *testing.T, test func(t *testing.T, e engine)) {
	wanted := strings.Split(cmp.Or(os.Getenv("CARILLON_ENGINES"), "sqlite,postgres"), ",")
	for _, e := range rows {
		if slices.Contains(wanted, e.name) {
			t.Run(e.name, func(t *testing.T) { test(t, e) })
		}
	}
}

// onEachServer leaves those out that are embedded.
func onEachServer(t *testing.T, test func(t *testing.T, e engine)) {
	onEachEngine(t, func(t *testing.T, e engine) {
		if e.server != nil {
			test(t, e)
		}
	})
}

// order is what workers are told who share one store.
func order(place Place) Order {
	return Order{Name: "torture", Stores: map[string]Place{"default": place}, Lease: lease}
}

// defaultKills is how many workers each of the kill tests kills.
const defaultKills = 40

func kills(t *testing.T) int {
	text := os.Getenv("CARILLON_KILLS")
	if text == "" {
		return defaultKills
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("CARILLON_KILLS is %q; give a positive number", text)
	}
	return n
}

// publish shows reports, and fails the test if a promise was not kept.
func publish(t *testing.T, reports ...*Report) {
	t.Helper()
	show(t, reports...)
	for _, r := range reports {
		if err := r.Err(); err != nil {
			t.Errorf("%s: %v", r.Case, err)
		}
	}
}

// shown are the reports of all tests so far.
var shown []*Report

// show shows reports in the test's log and in the file that CARILLON_REPORT
// names.
func show(t *testing.T, reports ...*Report) {
	t.Helper()
	t.Logf("\n%s", Table(reports...))
	shown = append(shown, reports...)
	if path := os.Getenv("CARILLON_REPORT"); path != "" {
		if err := os.WriteFile(path, []byte(Table(shown...)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
