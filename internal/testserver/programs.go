package testserver

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// places are where distributions put what is not in everybody's PATH.
var places = []string{"/usr/lib/postgresql/*/bin", "/usr/sbin", "/usr/local/sbin"}

// missing says which program is not there.
type missing struct{ program string }

func (m missing) Error() string { return "there is no program " + m.program }

// find returns the paths of the programs, which it has installed if need be and
// possible.
func (k *kind) find() (map[string]string, error) {
	paths, err := k.look()
	if err == nil {
		return paths, nil
	}
	if refused := install(k.packages); refused != nil {
		return nil, fmt.Errorf("%w, and it could not be installed: %w", err, refused)
	}
	return k.look()
}

func (k *kind) look() (map[string]string, error) {
	paths := map[string]string{}
	for _, alternatives := range k.programs {
		var path string
		for name := range strings.SplitSeq(alternatives, "|") {
			path = cmp.Or(path, locate(name))
		}
		if path == "" {
			return nil, missing{alternatives}
		}
		paths[alternatives] = path
	}
	return paths, nil
}

func locate(program string) string {
	for _, place := range places {
		found, _ := filepath.Glob(filepath.Join(place, program))
		if len(found) > 0 {
			return slices.MaxFunc(found, func(a, b string) int { // version 15 is greater than 9
				return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
			})
		}
	}
	path, _ := exec.LookPath(program)
	return path
}

// unavailable ends a test for which there is no server.
func unavailable(t testing.TB, k *kind, err error) {
	t.Helper()
	if _, lacks := errors.AsType[missing](err); !lacks {
		t.Fatalf("testserver: no %s: %v", k.name, err)
	}
	text := fmt.Sprintf("testserver: no %s: %v; install the package %s", k.name, err, strings.Join(k.packages, " "))
	if os.Getenv("CARILLON_REQUIRE_SERVERS") == "1" {
		t.Fatal(text)
	}
	fmt.Fprintf(os.Stderr, "SKIPPED %s: %s\n", t.Name(), text)
	t.Skip(text)
}
