package sqlite_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The queries that the documentation shows can be asked.
func TestDocumentedQueries(t *testing.T) {
	path := file(t)
	open(t, path, noon)
	text, err := os.ReadFile("doc.go")
	must(t, err)
	queries := regexp.MustCompile(`(?s)//\tSELECT.*?;`).FindAllString(string(text), -1)
	if len(queries) != 4 {
		t.Errorf("the documentation has %d queries", len(queries))
	}
	for _, q := range queries {
		execute(t, address(path), strings.ReplaceAll(q, "//\t", ""))
	}
}
