package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/memory"
)

// broken is the memory store with one fault, which the rule must find.
type broken struct {
	fault string
	rule  string
	make  func(s stores.Store) stores.Store
}

// The faults: a Store with some of its methods replaced.
type faulty struct {
	stores.Store
	put       func(stores.Store, context.Context, stores.PutMode, []job.Job) error
	delete    func(stores.Store, context.Context, ...string) ([]string, error)
	deleteAll func(stores.Store, context.Context) (int, error)
	get       func(stores.Store, context.Context, string) (job.Job, error)
	list      func(stores.Store, context.Context, string, int) ([]job.Job, error)
	heartbeat func(stores.Store, context.Context, string, time.Duration) error
	claim     func(stores.Store, context.Context, *stores.Claim) (*stores.Claimed, error)
	finish    func(stores.Store, context.Context, string, []stores.Done) (stores.Finished, error)
	history   func(stores.Store, context.Context, *stores.HistoryQuery) ([]job.Record, error)
	resign    func(stores.Resigner, context.Context, string) error
}

func (f *faulty) Put(ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
	if f.put == nil {
		return f.Store.Put(ctx, mode, jobs)
	}
	return f.put(f.Store, ctx, mode, jobs)
}

func (f *faulty) Delete(ctx context.Context, ids ...string) ([]string, error) {
	if f.delete == nil {
		return f.Store.Delete(ctx, ids...)
	}
	return f.delete(f.Store, ctx, ids...)
}

func (f *faulty) DeleteAll(ctx context.Context) (int, error) {
	if f.deleteAll == nil {
		return f.Store.DeleteAll(ctx)
	}
	return f.deleteAll(f.Store, ctx)
}

func (f *faulty) Get(ctx context.Context, id string) (job.Job, error) {
	if f.get == nil {
		return f.Store.Get(ctx, id)
	}
	return f.get(f.Store, ctx, id)
}

func (f *faulty) List(ctx context.Context, after string, limit int) ([]job.Job, error) {
	if f.list == nil {
		return f.Store.List(ctx, after, limit)
	}
	return f.list(f.Store, ctx, after, limit)
}

func (f *faulty) Heartbeat(ctx context.Context, node string, ttl time.Duration) error {
	if f.heartbeat == nil {
		return f.Store.Heartbeat(ctx, node, ttl)
	}
	return f.heartbeat(f.Store, ctx, node, ttl)
}

func (f *faulty) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if f.claim == nil {
		return f.Store.ClaimDue(ctx, c)
	}
	return f.claim(f.Store, ctx, c)
}

func (f *faulty) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if f.finish == nil {
		return f.Store.Finish(ctx, node, done)
	}
	return f.finish(f.Store, ctx, node, done)
}

func (f *faulty) History(ctx context.Context, q *stores.HistoryQuery) ([]job.Record, error) {
	if f.history == nil {
		return f.Store.History(ctx, q)
	}
	return f.history(f.Store, ctx, q)
}

func (f *faulty) Resign(ctx context.Context, node string) error {
	if f.resign == nil {
		return f.Store.(stores.Resigner).Resign(ctx, node)
	}
	return f.resign(f.Store.(stores.Resigner), ctx, node)
}

// claims makes a fault of ClaimDue that changes the claim, if ask is not nil,
// and the answer.
func claims(ask func(*stores.Claim), answer func(*stores.Claimed)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			claim := *c
			if ask != nil {
				ask(&claim)
			}
			got, err := s.ClaimDue(ctx, &claim)
			if err == nil && answer != nil {
				answer(got)
			}
			return got, err
		}}
	}
}

func deletes(f func(stores.Store, context.Context, ...string) ([]string, error)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store { return &faulty{Store: s, delete: f} }
}

// plans makes a fault of ClaimDue that changes what Plan is told or says.
func plans(fault func(plan stores.Claim, j *job.Job, live int, step *stores.Step)) func(stores.Store) stores.Store {
	return claims(func(c *stores.Claim) {
		right := *c
		c.Plan = func(j *job.Job, live int, step *stores.Step) { fault(right, j, live, step) }
	}, nil)
}

func finishes(change func([]stores.Done), answer func(*stores.Finished)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store {
		return &faulty{Store: s, finish: func(s stores.Store, ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
			done = slices.Clone(done)
			change(done)
			f, err := s.Finish(ctx, node, done)
			answer(&f)
			return f, err
		}}
	}
}

func noChange([]stores.Done) {}

func noAnswer(*stores.Finished) {}

func puts(put func(stores.Store, context.Context, stores.PutMode, []job.Job) error) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store { return &faulty{Store: s, put: put} }
}

func beats(beat func(stores.Store, context.Context, string, time.Duration) error) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store { return &faulty{Store: s, heartbeat: beat} }
}

func lists(list func(stores.Store, context.Context, string, int) ([]job.Job, error)) func(stores.Store) stores.Store {
	return func(s stores.Store) stores.Store { return &faulty{Store: s, list: list} }
}

var brokenStores = []broken{
	{"Put stores what it can", "put/insert-all-or-none", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) (err error) {
		for i := range jobs {
			err = errors.Join(err, s.Put(ctx, mode, jobs[i:i+1]))
		}
		return err
	})},
	{"Insert replaces", "put/insert-existing", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		return s.Put(ctx, max(mode, stores.Replace), jobs)
	})},
	{"IfVersion ignores the version", "put/if-version-conflict", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		return s.Put(ctx, min(mode, stores.Replace), jobs)
	})},
	{"Put does not set versions", "job/version-set", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		return s.Put(ctx, mode, slices.Clone(jobs))
	})},
	{"Put keeps milliseconds", "claim/microseconds", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		for i := range jobs {
			jobs[i].NextRunTime = jobs[i].NextRunTime.Truncate(time.Millisecond)
		}
		return s.Put(ctx, mode, jobs)
	})},
	{"Put loses a setting", "job/fields", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		for i := range jobs {
			jobs[i].Coalesce = job.Latest
		}
		return s.Put(ctx, mode, jobs)
	})},
	{"Put takes functions that do not last", "job/func", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		return s.Put(ctx, mode, jobs)
	})},
	{"Get returns the caller's job", "job/copies", func(s stores.Store) stores.Store {
		var put []job.Job
		return &faulty{
			Store: s,
			put: func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
				put = jobs
				return s.Put(ctx, mode, jobs)
			},
			get: func(s stores.Store, ctx context.Context, id string) (job.Job, error) { return put[0], nil },
		}
	}},
	{"Delete ends runs", "delete/run-goes-on", func(s stores.Store) stores.Store {
		var runs []job.Run
		var node string
		return &faulty{
			Store: s,
			claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
				got, err := s.ClaimDue(ctx, c)
				if err == nil {
					node, runs = c.Node, append(runs, got.Runs...)
				}
				return got, err
			},
			delete: func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
				if _, err := s.Finish(ctx, node, dones(job.Executed, runs...)); err != nil {
					return nil, err
				}
				return s.Delete(ctx, ids...)
			},
		}
	}},
	{"Delete of none is Delete of all", "delete/none", deletes(func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
		if len(ids) == 0 {
			_, err := s.DeleteAll(ctx)
			return nil, err
		}
		return s.Delete(ctx, ids...)
	})},
	{"what is missing is not told", "delete/missing", deletes(func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
		_, err := s.Delete(ctx, ids...)
		return nil, err
	})},
	{"what is missing is sorted", "delete/missing", deletes(func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
		missing, err := s.Delete(ctx, ids...)
		return slices.Sorted(slices.Values(missing)), err
	})},
	{"nothing is deleted if something is missing", "delete/missing", deletes(func(s stores.Store, ctx context.Context, ids ...string) (missing []string, err error) {
		for _, id := range ids {
			if _, err := s.Get(ctx, id); err != nil {
				missing = append(missing, id)
			}
		}
		if len(missing) > 0 {
			return missing, nil
		}
		return s.Delete(ctx, ids...)
	})},
	{"deleted one after the other", "delete/twice-in-one-call", deletes(func(s stores.Store, ctx context.Context, ids ...string) (missing []string, err error) {
		for _, id := range ids {
			m, err := s.Delete(ctx, id)
			if err != nil {
				return nil, err
			}
			missing = append(missing, m...)
		}
		return missing, nil
	})},
	{"missing as often as it is given", "delete/twice-in-one-call", deletes(func(s stores.Store, ctx context.Context, ids ...string) ([]string, error) {
		missing, err := s.Delete(ctx, ids...)
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(missing, id) }), err
	})},
	{"all, but how many?", "delete/all", func(s stores.Store) stores.Store {
		return &faulty{Store: s, deleteAll: func(s stores.Store, ctx context.Context) (int, error) {
			_, err := s.DeleteAll(ctx)
			return 0, err
		}}
	}},
	{"a paused job outlives DeleteAll", "delete/all", func(s stores.Store) stores.Store {
		return &faulty{Store: s, deleteAll: func(s stores.Store, ctx context.Context) (int, error) {
			jobs, err := s.List(ctx, "", 1000)
			if err != nil {
				return 0, err
			}
			for _, j := range jobs {
				if j.Paused {
					continue
				}
				if _, err := s.Delete(ctx, j.ID); err != nil {
					return 0, err
				}
			}
			return len(jobs), nil
		}}
	}},
	{"List lists the job it is to begin behind", "list/pages", lists(func(s stores.Store, ctx context.Context, after string, limit int) ([]job.Job, error) {
		if after != "" {
			after = after[:len(after)-1] + string(after[len(after)-1]-1)
		}
		return s.List(ctx, after, limit)
	})},
	{"List orders by time", "list/order", lists(func(s stores.Store, ctx context.Context, after string, limit int) ([]job.Job, error) {
		jobs, err := s.List(ctx, after, limit)
		slices.SortStableFunc(jobs, func(a, b job.Job) int { return a.NextRunTime.Compare(b.NextRunTime) })
		return jobs, err
	})},
	{"List lists ended jobs", "plan/ended", func(s stores.Store) stores.Store {
		var ended []job.Job
		f := plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
			if right.Plan(j, live, step); step.Ended {
				ended = append(ended, *j)
			}
		})(s).(*faulty)
		f.list = func(s stores.Store, ctx context.Context, after string, limit int) ([]job.Job, error) {
			jobs, err := s.List(ctx, after, limit)
			return append(jobs, ended...), err
		}
		return f
	}},
	{"due too early", "claim/due", claims(func(c *stores.Claim) { c.Now = c.Now.Add(time.Second) }, nil)},
	{"due too late", "claim/due", claims(func(c *stores.Claim) { c.Now = c.Now.Add(-1) }, nil)},
	{"hands out runs again", "claim/moves-on", func(s stores.Store) stores.Store {
		var last []job.Run
		return claims(nil, func(c *stores.Claimed) {
			again := last
			last = c.Runs
			c.Runs = append(slices.Clone(c.Runs), again...)
		})(s)
	}},
	{"orders by ID", "order/by-time", claims(nil, func(c *stores.Claimed) {
		slices.SortStableFunc(c.Runs, func(a, b job.Run) int { return strings.Compare(a.JobID, b.JobID) })
	})},
	{"orders by time alone", "order/by-id", claims(nil, func(c *stores.Claimed) { slices.Reverse(c.Runs) })},
	{"Next too late", "claim/next", claims(nil, func(c *stores.Claimed) {
		if !c.Next.IsZero() {
			c.Next = c.Next.Add(time.Second)
		}
	})},
	{"Next of jobs that others run", "claim/next-of-known-jobs", claims(func(c *stores.Claim) { c.Known = nil }, nil)},
	{"run IDs come again", "claim/run-ids", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			c.Runs[i].ID %= 50
		}
	})},
	{"remembers the caller's slice", "claim/runs-are-the-callers", func(s stores.Store) stores.Store {
		var last *stores.Claimed
		var seq uint64
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (_ *stores.Claimed, err error) {
			if c.Seq != seq {
				seq = c.Seq
				last, err = s.ClaimDue(ctx, c)
			}
			return last, err
		}}
	}},
	{"Limit ignored", "limit/runs", claims(func(c *stores.Claim) { c.Limit = 1000 }, nil)},
	{"More forgotten", "limit/runs", claims(nil, func(c *stores.Claimed) { c.More = false })},
	{"More as soon as Limit is reached", "limit/exactly", func(s stores.Store) stores.Store {
		limit := 0
		return claims(func(c *stores.Claim) { limit = c.Limit }, func(c *stores.Claimed) { c.More = len(c.Runs) >= limit })(s)
	}},
	{"an instance torn apart", "limit/not-torn", func(s stores.Store) stores.Store {
		limit := 0
		return claims(func(c *stores.Claim) { limit = c.Limit }, func(c *stores.Claimed) { c.Runs = c.Runs[:min(limit, len(c.Runs))] })(s)
	}},
	{"live instances forgotten", "plan/live", plans(func(right stores.Claim, j *job.Job, _ int, step *stores.Step) { right.Plan(j, 0, step) })},
	{"runs counted as instances", "plan/live-of-instances", plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) { right.Plan(j, 3*live, step) })},
	{"the step used before", "plan/empty-step", func(s stores.Store) stores.Store {
		var used stores.Step
		return plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
			right.Plan(j, live, &used)
			*step = used
		})(s)
	}},
	{"instances not joined", "plan/instance", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			c.Runs[i].Instance = c.Runs[i].ID
		}
	})},
	{"First forgotten", "plan/first", plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
		right.Plan(j, live, step)
		step.First = time.Time{}
	})},
	{"Skipped forgotten", "plan/skipped", claims(nil, func(c *stores.Claimed) { c.Skipped = nil })},
	{"Wait ignored", "wait/not-due", plans(func(right stores.Claim, j *job.Job, live int, step *stores.Step) {
		right.Plan(j, live, step)
		step.Wait = false
	})},
	{"the end of a wait not told", "wait/finished", finishes(noChange, func(f *stores.Finished) { f.Next = time.Time{} })},
	{"Known ignored", "park/task", claims(func(c *stores.Claim) { c.Known = nil }, nil)},
	{"executors not looked at", "park/executor", claims(func(c *stores.Claim) {
		if c.Known != nil {
			c.Known = &stores.Known{Tasks: c.Known.Tasks, Triggers: c.Known.Triggers}
		}
	}, nil)},
	{"triggers not looked at", "park/trigger", claims(func(c *stores.Claim) {
		if c.Known != nil {
			c.Known = &stores.Known{Tasks: c.Known.Tasks, Executors: c.Known.Executors}
		}
	}, nil)},
	{"parked in silence", "park/task", claims(nil, func(c *stores.Claimed) { c.Parked = nil })},
	{"unknown jobs deleted", "park/task", func(s stores.Store) stores.Store {
		return claims(nil, func(c *stores.Claimed) {
			for _, p := range c.Parked {
				_, _ = s.Delete(context.Background(), p.JobID)
			}
		})(s)
	}},
	{"parked anew with each move", "park/elsewhere", claims(func(c *stores.Claim) {
		if c.Known != nil {
			names := *c.Known
			c.Known = &names
		}
	}, nil)},
	{"Known remembered for good", "park/known-changes", func(s stores.Store) stores.Store {
		var first *stores.Known
		return claims(func(c *stores.Claim) {
			if first == nil {
				first = c.Known
			}
			c.Known = first
		}, nil)(s)
	}},
	{"a repeated claim claims", "repeat/same-runs", claims(func(c *stores.Claim) { c.Seq = 0 }, nil)},
	{"every claim a repetition", "repeat/next-number", claims(func(c *stores.Claim) { c.Seq = 1 }, nil)},
	{"attempts not compared", "finish/attempt", finishes(func(done []stores.Done) {
		for i := range done {
			done[i].Attempt = 1
		}
	}, noAnswer)},
	{"Held is what was reported", "finish/held", func(s stores.Store) stores.Store {
		n := 0
		return finishes(func(done []stores.Done) { n = len(done) }, func(f *stores.Finished) { f.Held = n })(s)
	}},
	{"missed runs not ended", "finish/outcomes", func(s stores.Store) stores.Store {
		return finishes(func(done []stores.Done) {
			for i := range done {
				if done[i].Outcome == job.Missed {
					done[i].RunID = 0
				}
			}
		}, noAnswer)(s)
	}},
	{"expired names revived", "lease/never-revived", beats(func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
		if err := s.Heartbeat(ctx, node, ttl); !errors.Is(err, job.ErrLeaseExpired) {
			return err
		}
		return nil
	})},
	{"leases without an end", "lease/expired-claim", beats(func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
		return s.Heartbeat(ctx, node, 1000*ttl)
	})},
	{"leases too short", "lease/renewed", beats(func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
		return s.Heartbeat(ctx, node, ttl/3)
	})},
	{"an owner beside others", "lease/owner-refused", beats(func(s stores.Store, ctx context.Context, node string, ttl time.Duration) error {
		return s.Heartbeat(ctx, node, max(ttl, time.Hour))
	})},
	{"Lost reported twice", "lost/once", func(s stores.Store) stores.Store {
		var last []job.Run
		return claims(nil, func(c *stores.Claimed) {
			again := last
			last = c.Lost
			c.Lost = append(slices.Clone(c.Lost), again...)
		})(s)
	}},
	{"Lost in silence", "lost/reported", claims(nil, func(c *stores.Claimed) { c.Lost = nil })},
	{"the attempt not counted", "takeover/attempt", claims(nil, func(c *stores.Claimed) {
		for i := range c.Runs {
			c.Runs[i].Attempt = 1
		}
	})},
	{"at least once means at most once", "takeover/attempt", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		for i := range jobs {
			jobs[i].Delivery = job.AtMostOnce
		}
		return s.Put(ctx, mode, jobs)
	})},
	{"the context ignored", "cancel/nothing-done", func(s stores.Store) stores.Store {
		return &faulty{Store: s, claim: func(s stores.Store, ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
			return s.ClaimDue(context.WithoutCancel(ctx), c)
		}}
	}},
	{"done, and then given up", "cancel/nothing-done", puts(func(s stores.Store, ctx context.Context, mode stores.PutMode, jobs []job.Job) error {
		return errors.Join(ctx.Err(), s.Put(context.WithoutCancel(ctx), mode, jobs))
	})},
	{"claims that others see half", "model/seed-1", claims(nil, func(c *stores.Claimed) {
		if len(c.Runs) > 3 {
			c.Runs = c.Runs[:3]
		}
	})},
}

// harnessOf makes a Harness of the memory store with a fault.
func harnessOf(fault func(stores.Store) stores.Store) Harness {
	return Harness{
		Durable: true,
		Shared:  true,
		Watch:   true,
		History: true,

		HistoryAge: 7 * 24 * time.Hour,

		Open: func(testing.TB) stores.Opener {
			m := memory.New()
			return func(ctx context.Context, env stores.Env) (stores.Store, error) {
				s, err := m.Open(ctx, env)
				if err != nil {
					return nil, err
				}
				return fault(s), nil
			}
		},
	}
}

func ruleOf(t *testing.T, name string) rule {
	t.Helper()
	for _, r := range rules() {
		if r.name == name {
			return r
		}
	}
	t.Fatalf("there is no rule %q", name)
	return rule{}
}

func TestBrokenStoresAreFound(t *testing.T) {
	for _, b := range slices.Concat(brokenStores, brokenReleases, brokenDones, brokenResigns, brokenHistories) {
		t.Run(b.fault, func(t *testing.T) {
			if err := ruleOf(t, b.rule).on(t, harnessOf(b.make)); err == nil {
				t.Errorf("rule %s finds no fault", b.rule)
			}
		})
	}
}

func TestRulesAcceptAGoodStore(t *testing.T) {
	for _, r := range rules() {
		if err := r.on(t, harnessOf(func(s stores.Store) stores.Store { return s })); err != nil {
			t.Errorf("rule %s: %v", r.name, err)
		}
	}
}

func TestRulesAreNamedAndExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rules() {
		topic, what, _ := strings.Cut(r.name, "/")
		if topic == "" || what == "" || strings.ToLower(r.name) != r.name || seen[r.name] {
			t.Errorf("rule %q needs a name of its own, topic/what", r.name)
		}
		if !strings.HasSuffix(r.explanation, ".") || r.check == nil {
			t.Errorf("rule %s needs an explanation in sentences", r.name)
		}
		seen[r.name] = true
	}
	if len(seen) < 60 {
		t.Errorf("there are %d rules", len(seen))
	}
}

// What a rule does not expect to fail ends it, and is its error.
func TestRuleEndsWithTheFirstFailure(t *testing.T) {
	fault := errors.New("disk full")
	h := harnessOf(puts(func(stores.Store, context.Context, stores.PutMode, []job.Job) error { return fault }))
	if err := ruleOf(t, "put/insert").on(t, h); !errors.Is(err, fault) {
		t.Errorf("got error %v, want %v", err, fault)
	}
}
