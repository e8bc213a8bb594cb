package memory

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

var epoch = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// opened is a Store with a session that is its only owner.
func opened(tb testing.TB) (*Store, stores.Store) {
	tb.Helper()
	m := New()
	s, err := m.Open(context.Background(), stores.Env{Alias: "default"})
	if err == nil {
		err = s.Heartbeat(context.Background(), "n", 0)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return m, s
}

func jobAt(id string, t time.Time) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Name: "work", Call: job.Func(nil), NextRunTime: t})
}

func put(tb testing.TB, s stores.Store, jobs ...job.Job) {
	tb.Helper()
	if err := s.Put(context.Background(), stores.Replace, jobs); err != nil {
		tb.Fatal(err)
	}
}

func claim(tb testing.TB, s stores.Store, now time.Time, plan func(*job.Job, int, *stores.Step)) *stores.Claimed {
	tb.Helper()
	c, err := s.ClaimDue(context.Background(), &stores.Claim{Node: "n", Now: now, Limit: 1000, Plan: plan})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func finish(tb testing.TB, s stores.Store, runs ...job.Run) {
	tb.Helper()
	done := make([]stores.Done, len(runs))
	for i := range runs {
		done[i] = stores.Done{RunID: runs[i].ID, Attempt: 1, Outcome: job.Executed}
	}
	if f, err := s.Finish(context.Background(), "n", done); err != nil || f.Held != len(runs) {
		tb.Fatalf("Finish: %+v, %v", f, err)
	}
}

func everySecond(j *job.Job, _ int, step *stores.Step) {
	step.Runs = append(step.Runs, j.NextRunTime)
	step.Next = j.NextRunTime.Add(time.Second)
}

func TestRecordIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(record{}); size != 96 {
		t.Errorf("a record has %d bytes", size)
	}
	const page = 8192
	if unused := page - unsafe.Sizeof(slab{})%page; unused >= 96 {
		t.Errorf("%d bytes of a slab's last page are not used", unused)
	}
}

// A claim and its Finish allocate a fixed number of times, for 1,000 runs as
// for one.
func TestRunsAreNotAllocated(t *testing.T) {
	_, s := opened(t)
	jobs := make([]job.Job, 1000)
	for i := range jobs {
		jobs[i] = jobAt(fmt.Sprint(i), epoch)
	}
	put(t, s, jobs...)
	now, done := epoch, make([]stores.Done, len(jobs))
	request := &stores.Claim{Node: "n", Limit: len(jobs), Plan: everySecond}
	allocs := testing.AllocsPerRun(100, func() {
		request.Seq++
		request.Now = now
		c, err := s.ClaimDue(context.Background(), request)
		if err != nil || len(c.Runs) != len(jobs) {
			t.Fatalf("claimed %d runs: %v", len(c.Runs), err)
		}
		for i := range c.Runs {
			done[i] = stores.Done{RunID: c.Runs[i].ID, Attempt: 1, Outcome: job.Executed}
		}
		if f, err := s.Finish(context.Background(), "n", done); err != nil || f.Held != len(done) {
			t.Fatalf("finished %d runs: %v", f.Held, err)
		}
		now = now.Add(time.Second)
	})
	if allocs > 4 {
		t.Errorf("%v allocations for %d runs", allocs, len(jobs))
	}
}

// A job that is put over and over leaves stale slots, which must not pile up.
func TestDueDropsStaleSlots(t *testing.T) {
	m, s := opened(t)
	for i := range 100 {
		put(t, s, jobAt(fmt.Sprint("steady-", i), epoch.Add(time.Hour)))
	}
	for i := range 10_000 {
		put(t, s, jobAt("busy", epoch.Add(time.Duration(i%977)*time.Minute)))
	}
	if n := m.jobs.due.len(); n > 300 {
		t.Errorf("%d slots for 101 jobs", n)
	}
	var order []time.Time
	for m.jobs.due.top() != nil {
		order = append(order, m.jobs.due.top().next())
		m.jobs.due.near.pop()
	}
	if len(order) < 101 || !slices.IsSortedFunc(order, time.Time.Compare) {
		t.Errorf("the order is lost: %v", order)
	}
}

// Jobs that are put again with the times that they have leave no slots behind.
func TestDueDropsDoubleSlots(t *testing.T) {
	const n = 200
	m, s := opened(t)
	var jobs []job.Job
	for i := range n {
		jobs = append(jobs, jobAt(fmt.Sprint("job-", i), epoch.Add(time.Duration(i)*time.Second)))
	}
	for range 10 {
		put(t, s, jobs...)
		if slots := m.jobs.due.len(); slots > 2*n+65 {
			t.Fatalf("%d slots for %d jobs", slots, n)
		}
	}
	m.jobs.due.sweep()
	if slots, queued := m.jobs.due.len(), m.jobs.queued; slots != n || queued != n {
		t.Errorf("%d slots, %d queued, want %d", slots, queued, n)
	}
}

// An index finds what a map does, swept or not, and does not stay large when few
// are left.
func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	records := new(slabs)
	x := index{records: records}
	named := func(id string) *record {
		r := records.add()
		r.id = id
		return r
	}
	want := map[string]*record{}
	for i := range 40_000 {
		id := fmt.Sprint(random.IntN(3000))
		switch old := want[id]; {
		case old == nil && i%20_000 > 12_000: // it becomes smaller
		case old == nil:
			want[id] = named(id)
			x.put(want[id])
		case random.IntN(3) > 0:
			old.place = deleted
			if random.IntN(3) > 0 { // something else names the others
				records.giveBack(old)
			}
			delete(want, id)
		}
		if random.IntN(300) == 0 {
			x.sweep()
		}
		id = fmt.Sprint(random.IntN(3000))
		if got := x.find(id); got != want[id] {
			t.Fatalf("step %d, %s: found %p, want %p", i, id, got, want[id])
		}
	}
	for r := range records.all() {
		records.giveBack(r)
	}
	if x.sweep(); x.taken != len(want) {
		t.Errorf("%d records are left, want %d", x.taken, len(want))
	}
	for i := range 100_000 {
		x.put(named(fmt.Sprint("x", i)))
	}
	for i := range 100_000 {
		r := x.find(fmt.Sprint("x", i))
		r.place = deleted
		records.giveBack(r)
	}
	x.sweep()
	if n := len(x.places); n > 64*(x.taken+1) || x.taken == 0 {
		t.Errorf("%d places for %d records", n, x.taken)
	}
}

// Slabs give a record to nobody else before it is given back, number each, and
// are gone when they are empty.
func TestSlabs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var ss slabs
	var taken []*record
	ids := map[ref]string{}
	for i := range 60_000 {
		if random.IntN(20_000) > i%20_000 { // first more and more, then fewer
			r := ss.add()
			if r.id != "" || ids[r.ref] != "" || ss.of(r.ref) != r {
				t.Fatalf("step %d: %+v is given out twice", i, r)
			}
			r.id = fmt.Sprint(i)
			ids[r.ref] = r.id
			taken = append(taken, r)
		} else if len(taken) > 0 {
			k := random.IntN(len(taken))
			r := taken[k]
			taken = slices.Delete(taken, k, k+1)
			delete(ids, r.ref)
			r.place = deleted
			ss.giveBack(r)
			if random.IntN(100) == 0 {
				ss.bury()
			}
		}
		if i%1000 == 0 {
			n := 0
			for r := range ss.all() {
				if n++; ids[r.ref] != r.id {
					t.Fatalf("step %d: record %d is %q, want %q", i, r.ref, r.id, ids[r.ref])
				}
			}
			if n != len(ids) {
				t.Fatalf("step %d: %d records, want %d", i, n, len(ids))
			}
		}
	}
	for _, r := range taken {
		r.place = deleted
		ss.giveBack(r)
	}
	ss.bury()
	if slices.ContainsFunc(ss.at, func(s *slab) bool { return s != nil }) {
		t.Error("slabs are left that are empty")
	}
	if r := ss.add(); *r != (record{ref: r.ref}) {
		t.Errorf("a new record is %+v", r)
	}
}

// A record is not given back while something names it.
func TestNamedRecordsAreKept(t *testing.T) {
	var ss slabs
	for _, keep := range []record{{work: 1}, {named: 1}, {place: queued}} {
		r := ss.add()
		n := r.ref
		if keep.place == paused {
			keep.place = deleted
		}
		*r, r.ref = keep, n
		ss.giveBack(r)
		if r.work != keep.work || r.named != keep.named || r.place != keep.place {
			t.Errorf("%+v has been given back", keep)
		}
	}
}

// Slots that are near stay in order, and take no more memory than they need to.
func TestNear(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	n := near{records: new(slabs)}
	n.records.add()
	var model []int64
	for i := range 100_000 {
		if len(model) == 0 || len(model) < 100 && random.IntN(2) == 0 {
			key := random.Int64N(1000) + int64(i)
			n.push(slot{key: key})
			model = append(model, key)
			slices.Sort(model)
		} else {
			n.pop()
			model = model[1:]
		}
		if n.len() != len(model) || len(model) > 0 && n.all()[0].key != model[0] {
			t.Fatalf("step %d: %v, want %v", i, n.all(), model)
		}
	}
	if !slices.IsSortedFunc(n.all(), n.compare) || cap(n.slots) > 1000 {
		t.Errorf("%v, with room for %d", n.all(), cap(n.slots))
	}
}

// A due index of any size is in order after a sweep.
func TestDueSweep(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for size := range 60 {
		records := new(slabs)
		d := newDue(records)
		var left []*record
		for i := range size {
			r := records.add()
			r.id, r.place = fmt.Sprint(i), queued
			r.setNext(epoch.Add(time.Duration(random.IntN(20)) * time.Second))
			d.push(r)
			if i%7 == 3 {
				d.top() // some are brought near
			}
			if random.IntN(3) == 0 {
				r.setNext(epoch.Add(-time.Hour)) // its slot is stale
			} else {
				left = append(left, r)
			}
		}
		d.sweep()
		if d.len() != len(left) {
			t.Fatalf("%d slots are left of %d", d.len(), len(left))
		}
		slices.SortFunc(left, inTurn)
		for i, want := range left {
			if got := d.top(); got != want {
				t.Fatalf("of %d, %d is %v, want %v", len(left), i, got, want)
			}
			d.near.pop()
		}
	}
}

// inTurn is the order in which records are claimed.
func inTurn(a, b *record) int {
	return cmp.Or(cmp.Compare(a.micro, b.micro), strings.Compare(a.id, b.id))
}

// Whatever is pushed, renewed and taken out, the index gives the first record. It
// is checked against a list that is sorted each time.
func TestDueOrder(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 3))
		span := []time.Duration{1, time.Millisecond, time.Second, 24 * time.Hour, 1 << 62}[seed%5]
		prefix := []string{"", "job-", "the same eight bytes and more-"}[seed%3]
		start := []time.Time{epoch, time.Unix(-1, 0), time.Unix(1<<34, 0), time.Unix(-1<<34, 0)}[seed/5%4]
		records := new(slabs)
		d := newDue(records)
		var model []*record
		for i := range 4000 {
			id := fmt.Sprint(prefix, random.IntN(10_000), "-", i)
			if i == 2000 {
				id = "another beginning"
			}
			at := start.Add(time.Duration(random.Int64N(int64(span))))
			switch n := random.IntN(8); {
			case n < 5 || len(model) == 0: // mostly more and more
				r := records.add()
				r.id, r.place = id, queued
				r.setNext(at)
				d.push(r)
				model = append(model, r)
			case n == 5:
				first := slices.MinFunc(model, inTurn)
				if got := d.top(); got != first {
					t.Fatalf("seed %d: the first is %v, want %v", seed, got, first)
				}
				first.setNext(first.next().Add(time.Duration(random.Int64N(int64(span)))))
				d.renew(first)
			case n == 6:
				k := random.IntN(len(model))
				model[k].place = paused // its slot is stale
				model = slices.Delete(model, k, k+1)
			default:
				first := slices.MinFunc(model, inTurn)
				if got := d.earliest(func(*record) bool { return true }); got != first {
					t.Fatalf("seed %d: the earliest is %v, want %v", seed, got, first)
				}
				odd := func(r *record) bool { return len(r.id)%2 == 1 }
				var want *record
				if fit := slices.DeleteFunc(slices.Clone(model), func(r *record) bool { return !odd(r) }); len(fit) > 0 {
					want = slices.MinFunc(fit, inTurn)
				}
				if got := d.earliest(odd); got != want {
					t.Fatalf("seed %d: the earliest that fits is %v, want %v", seed, got, want)
				}
			}
			if i%1000 == 999 {
				d.sweep()
				if d.len() != len(model) {
					t.Fatalf("seed %d: %d slots, want %d", seed, d.len(), len(model))
				}
			}
		}
		slices.SortFunc(model, inTurn)
		for i, want := range model {
			if got := d.top(); got != want {
				t.Fatalf("seed %d: of %d, %d is %v, want %v", seed, len(model), i, got, want)
			}
			d.near.pop()
		}
		if d.top() != nil || d.far.used != 0 {
			t.Errorf("seed %d: something is left", seed)
		}
	}
}

// A run that takes long holds its slot, not the memory of those that came and
// went beside it; and a burst of runs is forgotten.
func TestRingStaysSmall(t *testing.T) {
	m, s := opened(t)
	put(t, s, jobAt("long", epoch))
	long := claim(t, s, epoch, everySecond).Runs
	if _, err := s.DeleteAll(context.Background()); err != nil {
		t.Fatal(err)
	}
	put(t, s, jobAt("short", epoch))
	for i := range 10_000 {
		finish(t, s, claim(t, s, epoch.Add(time.Duration(i)*time.Second), everySecond).Runs...)
	}
	if n := len(m.runs.slots); n > minSlots {
		t.Errorf("%d slots for 2 runs", n)
	}
	put(t, s, jobAt("burst", epoch))
	burst := claim(t, s, epoch, func(_ *job.Job, _ int, step *stores.Step) {
		step.Runs = make([]time.Time, maxIdle)
		step.Ended = true
	}).Runs
	finish(t, s, append(burst, long...)...)
	if n := len(m.runs.slots); n != 0 {
		t.Errorf("%d slots for no run", n)
	}
}

// The order of a List must not grow with jobs that come and go after it.
func TestOrderIsGivenUp(t *testing.T) {
	m, s := opened(t)
	put(t, s, jobAt("a", epoch), jobAt("b", epoch), jobAt("c", epoch))
	for i := range 1000 {
		if _, err := s.List(context.Background(), "", 10); err != nil {
			t.Fatal(err)
		}
		for k := range 3 {
			put(t, s, jobAt(fmt.Sprint("x", i, k), epoch))
		}
		if _, err := s.Delete(context.Background(), fmt.Sprint("x", i, 0), fmt.Sprint("x", i, 1), fmt.Sprint("x", i, 2)); err != nil {
			t.Fatal(err)
		}
		if o := &m.jobs.order; len(o.sorted)+len(o.fresh) > 12 {
			t.Fatalf("an order of %d and %d for 3 jobs", len(o.sorted), len(o.fresh))
		}
	}
}

// Spots of the lot that have become empty are used again.
func TestLotIsTidied(t *testing.T) {
	m, s := opened(t)
	no := func(_ *job.Job, _ int, step *stores.Step) { step.Park = "no" }
	for range 1000 {
		put(t, s, jobAt("a", epoch), jobAt("b", epoch))
		if c := claim(t, s, epoch, no); len(c.Parked) != 2 {
			t.Fatalf("parked %v", c.Parked)
		}
	}
	if n := len(m.jobs.lot.spots); n > 6 {
		t.Errorf("%d spots for 2 jobs", n)
	}
}

// Profiles are shared, and not collected for good.
func TestProfilesAreShared(t *testing.T) {
	m, s := opened(t)
	put(t, s, jobAt("a", epoch), jobAt("b", epoch))
	if a, b := m.jobs.find("a").profile, m.jobs.find("b").profile; a != b {
		t.Error("two jobs with the same settings have two profiles")
	}
	for i := range 3 * maxProfiles {
		j := jobAt("c", epoch)
		j.Name = fmt.Sprint(i)
		put(t, s, j)
	}
	if n := len(m.jobs.profiles.known); n > maxProfiles {
		t.Errorf("%d profiles are remembered", n)
	}
}

// Nothing is left of jobs that have ended, been deleted or been replaced while
// they ran, once their runs are finished.
func TestNothingIsLeft(t *testing.T) {
	m, s := opened(t)
	var runs []job.Run
	for i := range 5 {
		put(t, s, jobAt("a", epoch), jobAt("b", epoch))
		runs = append(runs, claim(t, s, epoch, func(j *job.Job, live int, step *stores.Step) {
			everySecond(j, live, step)
			step.Ended = i%2 == 0
		}).Runs...)
		if _, err := s.Delete(context.Background(), "a", "b"); err != nil {
			t.Fatal(err)
		}
	}
	if w := m.jobs.works; len(w.slots) != 3 || len(w.free) > 0 {
		t.Errorf("work of %d IDs, %d free, want that of 2", len(w.slots)-1, len(w.free))
	}
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(len(runs)) {
		finish(t, s, runs[i])
	}
	working := len(m.jobs.works.slots) - 1 - len(m.jobs.works.free)
	m.jobs.byID.sweep()
	if m.jobs.byID.taken+working+m.runs.taken+m.jobs.queued+m.jobs.count != 0 {
		t.Errorf("left: %d records, work of %d, %d runs, %d queued, %d counted",
			m.jobs.byID.taken, working, m.runs.taken, m.jobs.queued, m.jobs.count)
	}
}

// The history allocates nothing for a record once it has grown, and does not
// grow before there are records.
func TestRecordsAreNotAllocated(t *testing.T) {
	m, s := opened(t)
	if m.history.entries != nil {
		t.Error("a history without records takes memory")
	}
	put(t, s, jobAt("a", epoch))
	now := epoch
	step := func() {
		for range DefaultHistoryCount {
			m.record(&job.Record{JobID: "a", Scheduled: now})
		}
	}
	step()
	if allocs := testing.AllocsPerRun(3, step); allocs != 0 {
		t.Errorf("%v allocations for %d records", allocs, DefaultHistoryCount)
	}
	if n := len(m.history.entries); n != DefaultHistoryCount {
		t.Errorf("%d entries", n)
	}
}

// What is in the way of a job is the oldest run of its own, among many.
func TestOldest(t *testing.T) {
	m, s := opened(t)
	const n = 3 * DefaultHistoryCount
	jobs := make([]job.Job, n)
	for i := range jobs {
		jobs[i] = jobAt(fmt.Sprint(i), epoch)
	}
	put(t, s, jobs...)
	runs := func() *stores.Claimed {
		c, err := s.ClaimDue(context.Background(), &stores.Claim{Node: "n", Now: epoch, Limit: n, Plan: func(j *job.Job, _ int, step *stores.Step) {
			step.Runs, step.Next = append(step.Runs, epoch), epoch
		}})
		if err != nil || len(c.Runs) != n {
			t.Fatal(len(c.Runs), err)
		}
		return c
	}
	first, second := runs(), runs()
	for i := range first.Runs {
		want := first.Runs[i].ID
		if u := m.oldest(m.jobs.find(first.Runs[i].JobID)); u == nil || u.id != want {
			t.Fatalf("job %s: oldest is %+v, want %d", first.Runs[i].JobID, u, want)
		}
	}
	finish(t, s, first.Runs...)
	for i := range second.Runs {
		if u := m.oldest(m.jobs.find(second.Runs[i].JobID)); u == nil || u.id != second.Runs[i].ID {
			t.Fatalf("job %s: oldest is %+v, want %d", second.Runs[i].JobID, u, second.Runs[i].ID)
		}
	}
	finish(t, s, second.Runs...)
}

// What is unfinished of many jobs is forgotten when it has ended.
func TestWorkIsForgotten(t *testing.T) {
	m, s := opened(t)
	jobs := make([]job.Job, maxIdle+1)
	for i := range jobs {
		jobs[i] = jobAt(fmt.Sprint(i), epoch)
	}
	put(t, s, jobs...)
	c, err := s.ClaimDue(context.Background(), &stores.Claim{Node: "n", Now: epoch, Limit: len(jobs), Plan: everySecond})
	if err != nil {
		t.Fatal(err)
	}
	finish(t, s, c.Runs...)
	if w := m.jobs.works; w.slots != nil || w.free != nil {
		t.Errorf("%d slots for no work", len(w.slots))
	}
	finish(t, s, claim(t, s, epoch.Add(time.Second), everySecond).Runs...)
}

// Runs that nobody holds and that have ended with their jobs leave nothing
// behind, once there has been a claim.
func TestReleasedRunsAreForgotten(t *testing.T) {
	m, s := opened(t)
	put(t, s, jobAt("a", epoch), jobAt("b", epoch), jobAt("c", epoch))
	runs := claim(t, s, epoch, everySecond).Runs
	done := make([]stores.Done, len(runs))
	for i := range runs {
		done[i] = stores.Done{RunID: runs[i].ID, Attempt: 1, Outcome: job.Released}
	}
	if _, err := s.Finish(context.Background(), "n", done); err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]string{{"a"}, {"x", "b"}} {
		if _, err := s.Delete(context.Background(), ids...); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DeleteAll(context.Background()); err != nil {
		t.Fatal(err)
	}
	claim(t, s, epoch, everySecond)
	m.jobs.byID.sweep()
	if len(m.orphans)+m.runs.taken+m.jobs.byID.taken != 0 {
		t.Errorf("left: %d runs nobody holds, %d runs, %d records", len(m.orphans), m.runs.taken, m.jobs.byID.taken)
	}
}

// What the history costs a run that is claimed and finished: 100,000 jobs that
// run once, a thousand at a time.
func BenchmarkHistory(b *testing.B) {
	for _, count := range []int{-1, 0} {
		b.Run(map[int]string{-1: "none", 0: "kept"}[count], func(b *testing.B) {
			const n = 100_000
			jobs := make([]job.Job, n)
			for i := range jobs {
				jobs[i] = jobAt(fmt.Sprint(i), epoch)
			}
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				s, err := Config{History: stores.Retention{Count: count}}.Open(context.Background(), stores.Env{})
				if err == nil {
					err = s.Heartbeat(context.Background(), "n", 0)
				}
				if err != nil {
					b.Fatal(err)
				}
				put(b, s, jobs...)
				b.StartTimer()
				for range n / 1000 {
					finish(b, s, claim(b, s, epoch, func(_ *job.Job, _ int, step *stores.Step) {
						step.Runs, step.Ended = append(step.Runs, epoch), true
					}).Runs...)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*b.N), "ns/run")
		})
	}
}

func TestReadyCountsWhatIsDue(t *testing.T) {
	records := new(slabs)
	d := newDue(records)
	for i := range 100 {
		r := records.add()
		r.id, r.place = fmt.Sprint(i), queued
		r.setNext(time.Unix(int64(i), 0))
		d.push(r)
	}
	for _, limit := range []int{0, 1, 7, 50, 1000} {
		for _, due := range []int{0, 1, 30, 100} {
			if n := d.ready(time.Unix(int64(due-1), 0).UnixMicro(), limit); n != min(due, limit) {
				t.Errorf("of %d due jobs, %d are counted up to %d", due, n, limit)
			}
		}
	}
}

func TestTouch(t *testing.T) {
	for _, v := range []any{nil, (*int)(nil), (func())(nil), func() {}, struct{}{}, [0]int{}, true, int8(1), "", "text", new(int64), struct{ p *int }{}} {
		touch(v) // which must not fault, nor be found at fault by checkptr
	}
}

// Jobs that are gone leave neither their slabs nor a large index behind, whether
// they were deleted one by one, all at once, or have run.
func TestWhatIsGoneTakesNoRoom(t *testing.T) {
	const n = 20_000
	ctx := context.Background()
	for name, remove := range map[string]func(s stores.Store, ids []string){
		"Delete": func(s stores.Store, ids []string) {
			if _, err := s.Delete(ctx, ids...); err != nil {
				t.Error(err)
			}
		},
		"DeleteAll": func(s stores.Store, _ []string) {
			if _, err := s.DeleteAll(ctx); err != nil {
				t.Error(err)
			}
		},
		"runs": func(s stores.Store, ids []string) {
			for range ids {
				finish(t, s, claim(t, s, epoch, func(_ *job.Job, _ int, step *stores.Step) {
					step.Runs, step.Ended = append(step.Runs, epoch), true
				}).Runs...)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, s := opened(t)
			jobs, ids := make([]job.Job, n), make([]string, n)
			for i := range jobs {
				ids[i] = fmt.Sprint("job-", i)
				jobs[i] = jobAt(ids[i], epoch)
			}
			put(t, s, jobs...)
			remove(s, ids)
			there := 0
			for _, slab := range m.jobs.records.at {
				if slab != nil {
					there++
				}
			}
			if places := len(m.jobs.byID.places); there > 1 || places > 2*minPlaces {
				t.Errorf("%d slabs and %d places are left for %d jobs", there, places, m.jobs.count)
			}
		})
	}
}
