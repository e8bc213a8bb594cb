package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// want compares an answer of the store, as text, with what it should be.
func want(what, text string, got any) error {
	if shown := show(got); shown != text {
		return fmt.Errorf("%s:\n got  %s\n want %s", what, shown, text)
	}
	return nil
}

// show writes a claim as for instance
//
//	finished held 1, next 2; runs a@1 b@2+3#2 c@9<5; lost d@1; skipped e@1,2; ended a; parked f; next 7; more
//
// with times in seconds: runs of one instance are joined by +, #2 is a second
// attempt, and <5 says that the times since 5 have been coalesced.
func show(got any) string {
	switch v := got.(type) {
	case *stores.Claimed:
		return showClaimed(v)
	case stores.Finished:
		return fmt.Sprintf("held %d, next %s", v.Held, second(v.Next))
	case []job.Job:
		var ids []string
		for _, j := range v {
			ids = append(ids, j.ID)
		}
		return strings.Join(ids, " ")
	case time.Time:
		return second(v)
	case error:
		return v.Error()
	}
	return fmt.Sprint(got)
}

func showClaimed(c *stores.Claimed) string {
	var parts []string
	add := func(name, text string) {
		if text != "" {
			parts = append(parts, name+" "+text)
		}
	}
	if c.Finished != nil {
		add("finished", show(*c.Finished))
	}
	add("runs", showRuns(c.Runs))
	add("lost", showRuns(c.Lost))
	var skipped, parked []string
	for _, s := range c.Skipped {
		var times []string
		for _, t := range s.Times {
			times = append(times, second(t))
		}
		skipped = append(skipped, s.JobID+"@"+strings.Join(times, ","))
	}
	for _, p := range c.Parked {
		parked = append(parked, p.JobID)
	}
	add("skipped", strings.Join(skipped, " "))
	add("ended", strings.Join(c.Ended, " "))
	add("parked", strings.Join(parked, " "))
	parts = append(parts, "next "+second(c.Next))
	if c.More {
		parts = append(parts, "more")
	}
	return strings.Join(parts, "; ")
}

// showSkips writes also what was in the way: e@1,2 by run 7, scheduled for 0.
func showSkips(skips []stores.Skip) string {
	var text []string
	for _, s := range skips {
		var times []string
		for _, t := range s.Times {
			times = append(times, second(t))
		}
		text = append(text, fmt.Sprintf("%s@%s by run %d, scheduled for %s", s.JobID, strings.Join(times, ","), s.Running, second(s.RunningSince)))
	}
	return strings.Join(text, "; ")
}

func showRuns(runs []job.Run) string {
	var text strings.Builder
	for i, r := range runs {
		switch {
		case i > 0 && runs[i-1].Instance == r.Instance:
			text.WriteString("+")
		case i > 0:
			text.WriteString(" ")
			fallthrough
		default:
			text.WriteString(r.JobID + "@")
		}
		text.WriteString(second(r.Scheduled))
		if !r.First.Equal(r.Scheduled) {
			text.WriteString("<" + second(r.First))
		}
		if r.Attempt != 1 {
			fmt.Fprintf(&text, "#%d", r.Attempt)
		}
	}
	return text.String()
}

func second(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return fmt.Sprint(t.Sub(epoch).Seconds())
}

// differences compares field by field what a store returned of a job or run
// with what it should have. Times are equal if they are the same instant, calls
// and triggers if their JSON forms are.
func differences[T any](got, want T) (found []string) {
	a, b := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range a.NumField() {
		x, y := plain(a.Field(i).Interface()), plain(b.Field(i).Interface())
		if x != y {
			found = append(found, fmt.Sprintf("%s: got %s, want %s", a.Type().Field(i).Name, x, y))
		}
	}
	return found
}

func plain(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case job.Func:
		return fmt.Sprintf("func %v", reflect.ValueOf(v).Pointer())
	case json.Marshaler, *job.TaskCall:
		return canonical(v)
	}
	return fmt.Sprintf("%+v", v)
}

// exact is canonical for numbers that are not to lose a digit.
func exact(data []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var form any
	if err := decoder.Decode(&form); err != nil {
		return err.Error()
	}
	data, _ = json.Marshal(form)
	return string(data)
}

// canonical returns the JSON form of v with sorted members and no spaces.
func canonical(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	var form any
	if err := json.Unmarshal(data, &form); err != nil {
		return err.Error()
	}
	data, _ = json.Marshal(form)
	return string(data)
}
