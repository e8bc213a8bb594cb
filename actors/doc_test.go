package actors

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocNamesFiles holds the list of files in the package's documentation against
// the folder.
func TestDocNamesFiles(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(doc), "# The files")
	list, _, _ = strings.Cut(list, "# States")
	listed := map[string]bool{"doc.go": true}
	for _, word := range strings.Fields(list) {
		listed[word] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files, %v", err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") && !listed[file] {
			t.Errorf("doc.go does not say what is in %s", file)
		}
	}
	for word := range listed {
		if _, err := os.Stat(word); strings.HasSuffix(word, ".go") && err != nil {
			t.Errorf("doc.go names %s, which is not there", word)
		}
	}
}
