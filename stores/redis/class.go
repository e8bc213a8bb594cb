package redis

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// class is what decides which processes can run a job. The due jobs of each
// class have an index of their own.
type class struct{ task, executor, kind string }

func classOf(s *rows.Settings) class { return class{s.Task, s.Executor, s.Kind} }

// key returns the class as it is kept: its names, escaped, between slashes.
func (c class) key() string {
	return url.QueryEscape(c.task) + "/" + url.QueryEscape(c.executor) + "/" + url.QueryEscape(c.kind)
}

func classFrom(key string) class {
	names := [3]string{}
	for i, name := range strings.SplitN(key, "/", 3) {
		names[i], _ = url.QueryUnescape(name)
	}
	return class{names[0], names[1], names[2]}
}

// unfit says why jobs of this class can't run where only these names are known;
// "" means that they can.
func (c class) unfit(known *stores.Known) string {
	missing := func(list []string, name string) bool {
		return list != nil && name != "" && !slices.Contains(list, name)
	}
	switch {
	case known == nil:
		return ""
	case missing(known.Tasks, c.task):
		return fmt.Sprintf("task %q is not registered here", c.task)
	case missing(known.Executors, c.executor):
		return fmt.Sprintf("there is no executor %q here", c.executor)
	case missing(known.Triggers, c.kind):
		return fmt.Sprintf("trigger kind %q is not known here", c.kind)
	}
	return ""
}
