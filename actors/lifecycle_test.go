package actors

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/messages"
)

// TestDiagram compares the picture in the comment on lifecycle with the table.
func TestDiagram(t *testing.T) {
	drawn := diagramOf(t, "lifecycle.go")
	if want := render(); drawn != want {
		t.Errorf("the comment on lifecycle shows\n%s\nbut the table says\n%s", drawn, want)
	}
}

// render draws the table as a Mermaid state diagram.
func render() string {
	commands := [...]string{start: "Start", startPaused: "StartPaused", pause: "Pause", resume: "Resume", shutdown: "Shutdown"}
	var picture strings.Builder
	fmt.Fprintf(&picture, "stateDiagram-v2\n    [*] --> %v\n", messages.Stopped)
	for from, row := range lifecycle {
		state := messages.State(from)
		var refused []string
		var reason error
		for c, t := range row {
			switch {
			case t.err != nil:
				refused, reason = append(refused, commands[c]), t.err
			case t.to != state:
				fmt.Fprintf(&picture, "    %v --> %v: %s\n", state, t.to, commands[c])
			}
		}
		if refused != nil {
			fmt.Fprintf(&picture, "    note right of %v: %s fail, %v\n", state, strings.Join(refused, ", "), reason)
		}
	}
	return picture.String()
}

// diagramOf returns the Mermaid diagram in a comment of a file.
func diagramOf(t *testing.T, name string) string {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Comments {
		if _, diagram, ok := strings.Cut(text(group), "stateDiagram"); ok {
			return "stateDiagram" + diagram
		}
	}
	t.Fatalf("%s has no diagram", name)
	return ""
}

// text is the text of a comment, without its marks and with one tab less.
func text(group *ast.CommentGroup) string {
	var lines strings.Builder
	for _, c := range group.List {
		line := strings.TrimPrefix(c.Text, "//")
		lines.WriteString(strings.TrimPrefix(line, "\t") + "\n")
	}
	return lines.String()
}

// TestRefusals checks what the diagram takes for granted: a refused command
// leads nowhere, and a state refuses for one reason.
func TestRefusals(t *testing.T) {
	for from, row := range lifecycle {
		reasons := make(map[error]bool)
		for c, tr := range row {
			if tr.err == nil {
				continue
			}
			reasons[tr.err] = true
			if tr.to != messages.State(from) {
				t.Errorf("command %d is refused in %v and leads to %v", c, messages.State(from), tr.to)
			}
		}
		if len(reasons) > 1 {
			t.Errorf("%v refuses for several reasons: %v", messages.State(from), reasons)
		}
	}
}
