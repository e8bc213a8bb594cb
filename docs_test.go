package carillon_test

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestQuotedCode checks that the Go code in the documents is quoted from
// programs that are compiled and, where they need no server, run: the examples.
func TestQuotedCode(t *testing.T) {
	compiled := flatFiles(t, "*example_test.go", "examples/*/*.go", "stores/*/example_test.go")
	for _, file := range []string{"README.md", "stores/README.md", "docs/recipes.md", "docs/from-gocron.md", "docs/from-robfig-cron.md"} {
		quotes(t, file, fenced(read(t, file), "go"), compiled)
	}
	quotes(t, "doc.go", goCode(t, read(t, "doc.go")), compiled)
}

// TestQuotedTables checks that the calls and values in tables are in these programs,
// too, unless something is left out of them.
func TestQuotedTables(t *testing.T) {
	compiled := flatFiles(t, "examples/*/*.go")
	for file, heading := range map[string]string{
		"README.md":                "At a glance",
		"docs/apscheduler.md":      "The words",
		"docs/from-gocron.md":      "The words",
		"docs/from-robfig-cron.md": "The words",
	} {
		_, table, _ := strings.Cut(read(t, file), "\n## "+heading+"\n")
		table, _, _ = strings.Cut(table, "\n## ")
		rows := regexp.MustCompile(`(?m)^\| .+ \| (.+) \|$`).FindAllStringSubmatch(table, -1)
		if len(rows) < 10 {
			t.Errorf("%s has a table of %d rows", file, len(rows))
		}
		for _, row := range rows {
			for _, code := range regexp.MustCompile("`[^`]*[({][^`]*`").FindAllString(row[1], -1) {
				if !strings.Contains(code, "...") && !strings.Contains(compiled, strings.Trim(code, "`")) {
					t.Errorf("%s shows what no example has: %s", file, code)
				}
			}
		}
	}
}

// TestQuotedText checks that what README.md shows as text is quoted from what
// programs print: the outputs of the examples, and a table in the triggers'
// documentation that a test there keeps.
func TestQuotedText(t *testing.T) {
	printed := flatFiles(t, "examples/*/output.txt", "triggers/doc.go")
	quotes(t, "README.md", fenced(read(t, "README.md"), "text"), printed)
}

// quotes checks that all blocks of a file are in the sources.
func quotes(t *testing.T, file string, blocks []string, sources string) {
	t.Helper()
	if len(blocks) == 0 {
		t.Errorf("%s has nothing to check", file)
	}
	for _, block := range blocks {
		if !strings.Contains(sources, "\n"+flat(block)+"\n") {
			t.Errorf("%s shows what no example has:\n%s", file, block)
		}
	}
}

// flatFiles returns the contents of files, flat, one after the other.
func flatFiles(t *testing.T, patterns ...string) (text string) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			text += "\n" + flat(read(t, file)) + "\n"
		}
	}
	return text
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// flat takes away the indentation, comment signs at the beginning of a line, and
// what aligns columns.
func flat(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(strings.Join(strings.Fields(line), " "), "// ")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// fenced returns the blocks of a Markdown text that are marked as being of a
// language.
func fenced(markdown, language string) (blocks []string) {
	for _, rest := range strings.Split(markdown, "```"+language+"\n")[1:] {
		block, _, _ := strings.Cut(rest, "```")
		blocks = append(blocks, block)
	}
	return blocks
}

// goCode returns the code blocks of a package's documentation, less the tables
// and drawings.
func goCode(t *testing.T, source string) (blocks []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range new(comment.Parser).Parse(f.Doc.Text()).Content {
		if code, ok := block.(*comment.Code); ok && isGo(code.Text) {
			blocks = append(blocks, code.Text)
		}
	}
	return blocks
}

func isGo(text string) bool {
	for _, around := range [][2]string{{"", ""}, {"func _() {\n", "\n}"}} {
		_, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+around[0]+text+around[1], 0)
		if err == nil {
			return true
		}
	}
	return false
}

// TestLinks checks that the files which the documents link to exist.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	fence := regexp.MustCompile("(?s)```.*?```")
	for _, file := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/apscheduler.md", "docs/from-gocron.md", "docs/from-robfig-cron.md", "docs/recipes.md", "stores/README.md", "bench/README.md"} {
		prose := fence.ReplaceAllString(read(t, file), "")
		for _, match := range link.FindAllStringSubmatch(prose, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), match[1])); err != nil {
				t.Errorf("%s links to %s: %v", file, match[1], err)
			}
		}
	}
}
