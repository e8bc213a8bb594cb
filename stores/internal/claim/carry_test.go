package claim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// server is a Server that says what it was asked.
type server struct {
	*claim.Decision
	entry  claim.Entry
	due    []claim.Job // in order
	free   []claim.Run
	held   []claim.Run
	ahead  int // the second when a job is due that is not yet
	missed bool
	fails  string // the method that fails
	block  int64
	said   strings.Builder
}

var errServer = errors.New("the server has failed")

func (s *server) say(method, what string) error {
	fmt.Fprintf(&s.said, "%s%s, ", method, what)
	if method == s.fails {
		return errServer
	}
	return nil
}

func (s *server) Look(first bool) error {
	if first {
		s.Entry = s.entry
	}
	for _, j := range s.due {
		if behind := j.Next.Compare(s.Page.Behind.Next) > 0; behind && len(s.Page.Jobs) < s.Page.Size {
			s.Page.Jobs = append(s.Page.Jobs, j)
		}
	}
	if s.ahead > 0 {
		s.Page.Ahead = at(s.ahead)
	}
	return s.say("look", fmt.Sprintf(" for %d behind %q", s.Page.Size, s.Page.Behind.ID))
}

func (s *server) Load() error {
	if !s.Page.Full() {
		stranger := due("stranger", 1)
		stranger.Spec = spec("stranger", "alien", job.AtMostOnce)
		s.Page.Strangers = append(s.Page.Strangers, stranger)
	}
	return s.say("load", "")
}

func (s *server) Relieve() error {
	s.HandOut(s.free)
	return s.say("relieve", "")
}

func (s *server) Held() ([]claim.Run, error) { return s.held, s.say("held", "") }

func (s *server) Block() (int64, error) {
	s.block++
	return s.block, s.say("block", "")
}

func (s *server) Write() (bool, error) {
	return s.missed, s.say("write", fmt.Sprintf(" with %d due", s.StillDue()))
}

var known = &stores.Known{Tasks: []string{"work"}}

// carry makes a claim.
func carry(m *claim.Memory, seq uint64, limit int, s *server, plan func(*job.Job, int, *stores.Step)) string {
	s.Decision = m.Begin(&stores.Claim{Node: "n", Seq: seq, Now: at(9), Limit: limit, Known: known, Plan: plan}, "jobs")
	s.said.Reset()
	c, err := m.CarryOut(s.Decision, s)
	if err != nil {
		return s.said.String() + err.Error()
	}
	next := ""
	if !c.Next.IsZero() {
		next = fmt.Sprint(" next ", c.Next.Sub(noon))
	}
	return s.said.String() + told(c) + next
}

func TestCarryOut(t *testing.T) {
	alive := claim.Entry{Alive: true}
	three := []claim.Job{due("a", 1), due("b", 2), due("c", 3)}
	free := []claim.Run{unfinished(7, 7, job.AtMostOnce)}
	late := func(j *job.Job, _ int, step *stores.Step) {
		step.Runs, step.Next = append(step.Runs, j.NextRunTime), j.NextRunTime.Add(7e9)
	}
	for name, c := range map[string]struct {
		server server
		limit  int
		plan   func(*job.Job, int, *stores.Step)
		want   string
	}{
		"dead": {server{}, 1, once, `look for 2 behind "", ` + job.ErrLeaseExpired.Error()},
		"nothing": {server{entry: alive, ahead: 20}, 1, once,
			`look for 2 behind "", load, write with 0 due, parked stranger next 20s`},
		"all": {server{entry: alive, due: three}, 5, once,
			`look for 6 behind "", load, block, write with 0 due, run 4096/4096 a@1#1 run 4097/4097 b@2#1 run 4098/4098 c@3#1 parked stranger ended a ended b ended c`},
		"limit": {server{entry: alive, due: three, ahead: 20}, 1, once,
			`look for 2 behind "", load, block, write with 1 due, run 4096/4096 a@1#1 ended a more next 2s`},
		"the next times": {server{entry: alive, due: three, ahead: 20}, 5, late,
			`look for 6 behind "", load, block, write with 2 due, run 4096/4096 a@1#1 run 4097/4097 b@2#1 run 4098/4098 c@3#1 parked stranger next 8s`},
		"pages": {server{entry: alive, due: three}, 1, func(j *job.Job, n int, step *stores.Step) {
			if step.Ended = true; j.ID == "c" {
				once(j, n, step)
			}
		}, `look for 2 behind "", load, look for 2 behind "b", load, block, write with 0 due, run 4096/4096 c@3#1 parked stranger ended a ended b ended c`},
		"missed": {server{entry: alive, ahead: 20, missed: true}, 1, once,
			`look for 2 behind "", load, write with 0 due, parked stranger next 9.02s`},
		"free": {server{entry: claim.Entry{Alive: true, Free: true}, free: free, due: three}, 2, once,
			`look for 3 behind "", relieve, look for 2 behind "", load, block, write with 1 due, run 7/7 j7@0#2 run 4096/4096 a@1#1 ended a more next 2s`},
		"free enough": {server{entry: claim.Entry{Alive: true, Dead: true}, free: append(free, unfinished(8, 8, job.AtMostOnce)), due: three}, 1, once,
			`look for 2 behind "", relieve, look for 1 behind "", load, write with 1 due, run 7/7 j7@0#2 more next 1s`},
		"no look":    {server{entry: alive, fails: "look"}, 1, once, `look for 2 behind "", ` + errServer.Error()},
		"no load":    {server{entry: alive, fails: "load"}, 1, once, `look for 2 behind "", load, ` + errServer.Error()},
		"no relief":  {server{entry: claim.Entry{Alive: true, Free: true}, fails: "relieve"}, 1, once, `look for 2 behind "", relieve, ` + errServer.Error()},
		"no block":   {server{entry: alive, due: three, fails: "block"}, 1, once, `look for 2 behind "", load, block, ` + errServer.Error()},
		"no writing": {server{entry: alive, fails: "write"}, 1, once, `look for 2 behind "", load, write with 0 due, ` + errServer.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			same(t, "claim", carry(&claim.Memory{}, 1, c.limit, &c.server, c.plan), c.want)
		})
	}
}

// Runs have IDs of further blocks if there are more of them than in one.
func TestBlocks(t *testing.T) {
	s := &server{entry: claim.Entry{Alive: true}, due: []claim.Job{due("a", 1)}}
	got := carry(&claim.Memory{}, 1, 1, s, func(j *job.Job, _ int, step *stores.Step) {
		for range 5000 {
			step.Runs = append(step.Runs, j.NextRunTime)
		}
		step.Ended = true
	})
	same(t, "blocks", strings.Count(got, "block"), "2")
	for i, r := range s.Claimed.Runs {
		if want := int64(4096 + i); r.ID != want || r.Instance != 4096 {
			t.Fatalf("run %d has ID %d of instance %d, want %d", i, r.ID, r.Instance, want)
		}
	}
}

// A claim whose commit was not confirmed is told by its repetition, if it was
// committed, and what it has parked is remembered.
func TestDoubt(t *testing.T) {
	m := &claim.Memory{}
	s := &server{entry: claim.Entry{Alive: true}, due: []claim.Job{due("a", 1)}, fails: "write"}
	first := `look for 2 behind "", load, block, write with 0 due, `
	same(t, "the answer is lost", carry(m, 3, 1, s, once), first+errServer.Error())
	s.held = []claim.Run{{Run: rows.Run{ID: 4096, Instance: 4096, JobID: "a", Attempt: 1, Scheduled: at(1), First: at(1)}, Spec: spec("a", "work", 0)}}
	s.entry.Answered, s.fails = 3, ""
	same(t, "repeated", carry(m, 3, 1, s, once), `look for 2 behind "", held, run 4096/4096 a@1#1 parked stranger ended a`)
	same(t, "once more", carry(m, 3, 1, s, once), `look for 2 behind "", held, run 4096/4096 a@1#1 parked stranger ended a`)
	s.due = nil
	same(t, "the next one", carry(m, 4, 1, s, once), `look for 2 behind "", load, write with 0 due, `)

	m = &claim.Memory{}
	s = &server{entry: claim.Entry{Alive: true}, due: []claim.Job{due("a", 1)}, fails: "write"}
	carry(m, 3, 1, s, once)
	s.fails = ""
	same(t, "it was not committed", carry(m, 3, 1, s, once), `look for 2 behind "", load, block, write with 0 due, run 8192/8192 a@1#1 parked stranger ended a`)
}
