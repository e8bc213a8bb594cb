package carillon_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// scenario is one line of the recorded traces: what is done to a scheduler,
// and what the reference has made of it.
type scenario struct {
	ID, Template, Title string
	Comment             string
	Tags                []string
	Start               time.Time
	Config              oracleConfig
	Script              []step
	Expect              struct {
		Log   []entry
		Jobs  []jobRow
		State string
	}
}

type oracleConfig struct {
	Timezone      string
	Defaults      jobSpec `json:"job_defaults"`
	RetryInterval float64 `json:"jobstore_retry_interval"` // seconds
	Executors     members
	Stores        members `json:"jobstores"`
}

// members are kinds by alias, in the order in which they are written.
type members []member

type member struct{ alias, kind string }

func (ms *members) UnmarshalJSON(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var words []string
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		if word, ok := token.(string); ok {
			words = append(words, word)
		}
	}
	for pair := range slices.Chunk(words, 2) {
		*ms = append(*ms, member{pair[0], pair[1]})
	}
	return nil
}

func (ms members) kind(alias string) string {
	for _, m := range ms {
		if m.alias == alias {
			return m.kind
		}
	}
	return ""
}

func (c oracleConfig) retryInterval() time.Duration {
	return cmp.Or(time.Duration(c.RetryInterval*float64(time.Second)), 10*time.Second)
}

// step is one operation and its arguments. Those that a Go program could get
// wrong are decoded when it is carried out.
type step struct {
	At time.Time
	Op string

	Job      jobSpec
	ID       string
	Store    string `json:"jobstore"`
	Changes  jobSpec
	Trigger  json.RawMessage
	Alias    string
	Type     json.RawMessage
	From     string
	Shutdown *bool
	Wait     *bool
	Paused   bool
	Options  map[string]any

	Name      string // of a listener
	Mask      []string
	Behaviour json.RawMessage

	Executor  string
	N         int
	FailStore string `json:"store"`
	Until     time.Time
}

// entry is one line of a log.
type entry struct {
	T time.Time

	Op     *int            // the step that begins (Name) or ends
	Name   string          // of its operation
	Inner  string          // an operation that a job or a listener has done
	Result json.RawMessage // of an operation
	Error  *fault

	Call         string // the function of a job is called
	Args, Kwargs json.RawMessage

	Event      string
	Listener   string // who has seen it; "": the one that sees everything
	Job, Store string
	Alias      string
	Runs       []time.Time
	Run        time.Time
	Retval     json.RawMessage
	Exception  string

	MainLoopDied *fault `json:"main_loop_died"`

	stream string // see account
}

// fault is an error of the reference, and by kind one of ours.
type fault struct{ Type, Message string }

// jobRow is one job as it is at the end.
type jobRow struct {
	ID           string          `json:"id"`
	Store        string          `json:"store"`
	Pending      bool            `json:"pending"`
	Next         json.RawMessage `json:"next_run_time"`
	Executor     string          `json:"executor"`
	Coalesce     json.RawMessage `json:"coalesce"`
	Grace        json.RawMessage `json:"misfire_grace_time"` // seconds
	MaxInstances json.RawMessage `json:"max_instances"`
}

// account is what has come of a scenario: the log, cut into one part for each
// step and there into streams, within which order counts. What is done and
// what is told about it are streams of their own, because events are delivered
// while the scheduler goes on.
type account struct {
	parts [][]entry
	jobs  []jobRow
	state string
}

// cut makes an account of a log.
func cut(steps int, log []entry) *account {
	a := &account{parts: make([][]entry, steps)}
	part := -1
	for _, e := range log {
		if e.Op != nil && e.Name != "" {
			part = *e.Op
		}
		e.stream = e.defaultStream()
		a.parts[part] = append(a.parts[part], e)
	}
	return a
}

const (
	operations = "operations"
	calls      = "calls"
	inner      = "inner operations"
	told       = "events"
	beyond     = "events that the reference does not know" // not compared
)

func (e *entry) defaultStream() string {
	switch {
	case e.Op != nil:
		return operations
	case e.Call != "":
		return calls
	case e.Inner != "":
		return inner
	case e.Listener != "":
		return "listener " + e.Listener
	case e.MainLoopDied != nil:
		return "fatal"
	case oracleMasks[e.Event] == 0:
		return beyond
	}
	return told
}

// text is everything that counts of an entry.
func (e *entry) text() string {
	var b strings.Builder
	if !e.T.IsZero() {
		b.WriteString(timeText(e.T))
	}
	word := func(label, value string) {
		if value != "" {
			b.WriteString(" " + label + value)
		}
	}
	if e.Op != nil {
		word("", fmt.Sprintf("step %d", *e.Op))
	}
	word("", e.Name)
	word("inner ", e.Inner)
	word("call ", e.Call)
	word("", e.Event)
	word("listener=", e.Listener)
	word("job=", e.Job)
	word("store=", e.Store)
	word("alias=", e.Alias)
	word("args=", canonical(e.Args))
	word("kwargs=", canonical(e.Kwargs))
	for _, run := range e.Runs {
		word("run=", timeText(run))
	}
	if !e.Run.IsZero() {
		word("run=", timeText(e.Run))
	}
	word("returned ", canonical(e.Retval))
	word("raised ", e.Exception)
	word("-> ", canonical(e.Result))
	if e.Error != nil {
		word("-> ", e.Error.kind())
	}
	if e.MainLoopDied != nil {
		word("main loop died: ", e.MainLoopDied.Message)
	}
	return b.String()
}

func timeText(t time.Time) string { return t.UTC().Format("01-02 15:04:05.999999") }

// canonical makes texts of equal JSON values equal.
func canonical(data json.RawMessage) string {
	if len(data) == 0 {
		return ""
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return "invalid: " + string(data)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
	return strings.TrimSpace(b.String())
}

func (r jobRow) text() string {
	return fmt.Sprintf("%s in %s: pending %t, next %s, executor %s, coalesce %s, grace %s, instances %s",
		r.ID, r.Store, r.Pending, canonical(r.Next), r.Executor, canonical(r.Coalesce), canonical(r.Grace), canonical(r.MaxInstances))
}

// oracleFolder is a folder with recorded files.
type oracleFolder struct{ name, path string }

var builtIn = oracleFolder{"built in", filepath.Join("testdata", "oracle")}

// oracleFolders are our own, and that of CARILLON_ORACLE_DIR if it is set.
func oracleFolders() []oracleFolder {
	folders := []oracleFolder{builtIn}
	if path := os.Getenv("CARILLON_ORACLE_DIR"); path != "" {
		folders = append(folders, oracleFolder{"CARILLON_ORACLE_DIR", path})
	}
	return folders
}

// readOracle reads a recorded file. One that is missing is skipped, but not of
// our own.
func readOracle[C any](t *testing.T, folder oracleFolder, name string) (cases []C) {
	data, err := os.ReadFile(filepath.Join(folder.path, name))
	if errors.Is(err, fs.ErrNotExist) && folder != builtIn {
		t.Skipf("%s is missing in %s", name, folder.path)
	}
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		var c C
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("%s: %v in %s", name, err, line)
		}
		cases = append(cases, c)
	}
	return cases
}
