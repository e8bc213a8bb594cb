// Package examples has a program in each folder. They print what is in their
// output.txt, which their tests check; this one checks that they have a test.
package examples

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestComplete(t *testing.T) {
	programs, err := filepath.Glob("*/main.go")
	if err != nil || len(programs) == 0 {
		t.Fatalf("no examples found: %v", err)
	}
	for _, program := range programs {
		name := filepath.Dir(program)
		text, err := os.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		doc, _, _ := strings.Cut(string(text), "\npackage main")
		if !strings.Contains(doc, "go run ./examples/"+name) && !strings.Contains(doc, "go test -v ./examples/"+name) {
			t.Errorf("%s: the doc comment does not say how to run it", program)
		}
		if tests, _ := filepath.Glob(name + "/*_test.go"); len(tests) == 0 {
			t.Errorf("%s has no test", program)
		}
	}
}
