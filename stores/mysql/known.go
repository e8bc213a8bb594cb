package mysql

import (
	"strings"

	"github.com/carillon-go/carillon/stores"
)

// condition is one of SQL with its arguments.
type condition struct {
	text string
	args []any
}

// fit is the condition that a process with these names can run what a row of
// this table is about.
func fit(known *stores.Known, table string) condition {
	var c condition
	var texts []string
	add := func(column string, names []string, or string) {
		switch {
		case names == nil:
		case len(names) == 0:
			texts = append(texts, "("+or+"FALSE)")
		default:
			texts = append(texts, "("+or+table+"."+column+" IN (?"+strings.Repeat(", ?", len(names)-1)+"))")
			for _, name := range names {
				c.args = append(c.args, []byte(name))
			}
		}
	}
	if known != nil {
		add("task", known.Tasks, "")
		add("executor", known.Executors, "")
		add("kind", known.Triggers, table+".kind = '' OR ")
	}
	if c.text = strings.Join(texts, " AND "); c.text == "" {
		c.text = "TRUE"
	}
	return c
}

// everything reports whether the condition always holds.
func (c condition) everything() bool { return c.text == "TRUE" }
