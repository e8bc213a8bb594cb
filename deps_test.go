package carillon_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/carillon-go/carillon"

// layer says what the packages of a folder may import, except in their tests:
// of this module, and beside the standard library. A package belongs to the
// first layer that matches. A pattern that ends with "..." matches as it does
// for the go command.
type layer struct {
	packages string
	may      []string
	outside  []string
	why      string
}

var layers = []layer{
	{"clock", nil, nil,
		"everybody imports clock, so it imports nobody"},
	{"internal/canonical", nil, nil,
		"it knows how forms are written, and none of them"},
	{"internal/canonical/canonicaltest", []string{"internal/canonical"}, nil,
		"it tests forms, and knows none of them"},
	{"internal/funcname", nil, nil,
		"it knows functions of Go, and nothing of who has them"},
	{"internal/zoneinfo", nil, nil,
		"it knows what to say of time zones, and to nobody in particular"},
	{"triggers", []string{"internal/canonical", "internal/zoneinfo"}, nil,
		"triggers are arithmetic: no job, no clock, no scheduler"},
	{"job", []string{"triggers", "internal/canonical"}, nil,
		"the nouns know nothing of who stores, executes or schedules them"},
	{"settings", []string{"job", "internal/zoneinfo"}, nil,
		"settings are read without knowing who is set up with them"},
	{"stores", []string{"job", "clock"}, nil,
		"a contract is made of nouns; it does not know who keeps it or who calls it"},
	{"executors", []string{"job", "clock"}, nil,
		"a contract is made of nouns; it does not know who keeps it or who calls it"},
	{"internal/testserver", []string{"clock"}, []string{"go.uber.org/goleak"},
		"it runs servers for tests, and knows nothing of who talks to them"},
	{"internal/torture", []string{"", "messages", "stores", "stores/mysql", "stores/postgres", "stores/redis", "stores/sqlite", "job", "triggers", "clock", "internal/testserver"}, nil,
		"it torments whole schedulers on real stores, as a program would use them"},
	{"internal/everystore", nil, nil,
		"it has tests only, of whole schedulers on real stores"},
	{"stores/internal/rows", []string{"stores", "job", "triggers"}, nil,
		"rows are data: what stores keep has no clock and no database"},
	{"stores/internal/claim", []string{"stores", "stores/internal/rows", "job"}, nil,
		"a claim is decided without a database, for all of them alike"},
	{"stores/internal/opening", []string{"stores", "job", "clock"}, nil,
		"how operations begin and fail is the same whatever they do"},
	{"stores/sqlite", []string{"stores", "stores/internal/...", "settings", "job", "triggers", "clock"}, []string{"modernc.org/sqlite"},
		"of the drivers, this store needs that of SQLite"},
	{"stores/redis", []string{"stores", "stores/internal/claim", "stores/internal/rows", "settings", "job", "triggers"},
		[]string{"github.com/redis/go-redis/v9", "github.com/redis/go-redis/v9/maintnotifications"},
		"of the drivers, this store needs that of Redis"},
	{"stores/postgres", []string{"stores", "stores/internal/...", "settings", "job", "triggers", "clock"},
		[]string{"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn", "github.com/jackc/pgx/v5/pgtype", "github.com/jackc/pgx/v5/pgxpool"},
		"the store in PostgreSQL; nobody else links its driver"},
	{"stores/mysql", []string{"stores", "stores/internal/...", "settings", "job", "triggers", "clock"}, []string{"github.com/go-sql-driver/mysql"},
		"the store in MySQL and MariaDB; nobody else links its driver"},
	{"stores/...", []string{"stores", "settings", "job", "triggers", "clock"}, nil,
		"a store knows the contract and neither the actors nor another store; one that needs a driver gets a layer of its own"},
	{"executors/...", []string{"executors", "settings", "job", "clock"}, nil,
		"an executor knows the contract and neither the actors nor another executor"},
	{"wrap", []string{"executors", "job"}, nil,
		"what is put around jobs knows nothing of who schedules them"},
	{"messages", []string{"stores", "executors", "job", "triggers"}, nil,
		"messages are nouns and contracts; they know nobody who sends them"},
	{"actors", []string{"internal/funcname", "messages", "stores", "executors", "job", "triggers", "clock"},
		[]string{"github.com/asynkron/protoactor-go/actor", "github.com/asynkron/protoactor-go/eventstream", "github.com/orcaman/concurrent-map"},
		"actors know contracts, never an implementation; of Proto.Actor they use the package actor only, and what an actor system is made of"},
	{"", []string{"internal/funcname", "actors", "messages", "stores", "stores/memory", "executors", "executors/pool", "executors/inline", "settings", "job", "triggers", "clock"}, nil,
		"the facade links what costs nothing, and of what a program has to choose nothing"},
	{"dashboard", []string{"", "job", "triggers", "clock"}, nil,
		"it shows whole schedulers from outside, through what everybody can ask them; who wants none links none of it"},
	{"metrics", []string{"", "messages", "clock"}, []string{"github.com/prometheus/client_golang/prometheus"},
		"a collector watches a scheduler from outside, as any program could; it serves nothing"},
	{"clocktest/...", []string{"", "clocktest", "actors", "messages", "stores/...", "executors/...", "job", "triggers", "clock"}, nil,
		"clocktest moves whole schedulers from outside"},
	{"examples/http", []string{"..."},
		[]string{"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_golang/prometheus/promhttp"},
		"it serves metrics with Prometheus' own handler, as programs do"},
	{"examples/...", []string{"..."}, nil,
		"an example shows what a program can do with this module alone"},
}

// TestImports holds the packages against the layers.
func TestImports(t *testing.T) {
	for _, p := range packages(t, "./...") {
		l, ok := layerOf(p.folder())
		if !ok {
			t.Errorf("%s is in no layer; say in deps_test.go what it may import (bench has its own go.mod, so that what it compares with is not required here)", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !l.allows(imported) {
				t.Errorf("%s imports %s\n\twhy it must not: %s", p.ImportPath, imported, l.why)
			}
		}
	}
}

// TestLinked looks at what every program gets that imports the facade.
func TestLinked(t *testing.T) {
	unwanted := map[string]string{
		"testing":       "it registers flags; what only tests need belongs in a package that only tests import",
		"database/sql":  "a database is linked by the program that has chosen it",
		"html/template": "pages are for programs that serve some; package dashboard is what they choose",

		module + "/metrics": "a program that has no Prometheus need not count for it",
	}
	for _, p := range packages(t, "-deps", ".") {
		if why, found := unwanted[p.ImportPath]; found {
			t.Errorf("the root package links %s\n\twhy it must not: %s", p.ImportPath, why)
		}
	}
}

func layerOf(folder string) (layer, bool) {
	i := slices.IndexFunc(layers, func(l layer) bool { return matches(l.packages, folder) })
	if i < 0 {
		return layer{}, false
	}
	return layers[i], true
}

func (l layer) allows(imported string) bool {
	if folder, own := inModule(imported); own {
		return slices.ContainsFunc(l.may, func(pattern string) bool { return matches(pattern, folder) })
	}
	first, _, _ := strings.Cut(imported, "/")
	standard := !strings.Contains(first, ".")
	return standard || slices.Contains(l.outside, imported)
}

func matches(pattern, folder string) bool {
	if prefix, tree := strings.CutSuffix(pattern, "..."); tree {
		return strings.HasPrefix(folder+"/", prefix)
	}
	return folder == pattern
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func (p pkg) folder() string {
	folder, _ := inModule(p.ImportPath)
	return folder
}

// inModule returns a package's folder, "" for the root, if it is one of ours.
func inModule(importPath string) (folder string, own bool) {
	folder, own = strings.CutPrefix(importPath+"/", module+"/")
	return strings.TrimSuffix(folder, "/"), own
}

// packages asks the go command about packages.
func packages(t *testing.T, arguments ...string) (found []pkg) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Imports"}, arguments...)...)
	var complaints strings.Builder
	list.Stderr = &complaints
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", list, err, &complaints)
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		found = append(found, p)
	}
	if len(found) == 0 {
		t.Fatalf("%v finds no packages", list)
	}
	return found
}
