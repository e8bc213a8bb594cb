package clocktest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// TestModel gives a scheduler random commands while faults strike, and compares
// each answer with what a model of plain maps says it may be.
func TestModel(t *testing.T) {
	faults := clocktest.AllFaults()
	delete(faults, clocktest.JobStuck) // it keeps a store from being closed
	clocktest.Run(t, clocktest.Config{Seeds: seeds(), Faults: faults}, checkModel)
}

// TestModelWithoutFaults leaves the model nothing to be unsure of.
func TestModelWithoutFaults(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: seeds()}, checkModel)
}

func checkModel(s *clocktest.Sim) {
	config := s.Config()
	second := s.Store()
	config.Stores["second"] = second
	m := &model{
		s: s, rand: s.Rand(), sched: newQuietScheduler(s, config), second: second,
		executor: s.FaultyExecutor(pool.Open(pool.Config{Size: 2})),
		attached: map[string]bool{"default": true, "second": true},
		stored:   map[place]*belief{}, pending: map[place]*belief{},
	}
	for range 150 {
		m.command()
		must(s, s.Err())
		if m.rand.IntN(3) == 0 {
			must(s, s.Advance(s.Duration(20*time.Second)))
		}
	}
	must(s, s.Finish(m.sched))
}

// place is where a job is: a store's alias and its ID.
type place struct{ store, id string }

// belief is what is known of a job that is there, or may be.
type belief struct {
	maybe   bool // it may be missing
	paused  bool
	max     int
	trigger string
	vague   bool // paused, max and trigger may be otherwise

	replace bool // of a pending job: it replaces one that is stored
	timed   bool // of a pending job: when it runs first is not its trigger's business
}

// succeed is what is known of a job that takes the place of one of which old is
// known: if the triggers are the same it is paused if that one is.
func (b belief) succeed(old *belief) *belief {
	switch {
	case !b.replace || b.timed || old == nil:
	case old.vague || old.maybe:
		b.vague = true
	case b.trigger == old.trigger:
		b.paused = old.paused
	}
	return &b
}

// model is what a scheduler's answers ought to come from.
type model struct {
	s        *clocktest.Sim
	rand     *rand.Rand
	sched    *carillon.Scheduler
	second   stores.Opener
	executor executors.Opener

	state           carillon.State
	attached        map[string]bool // stores
	extra           bool            // the second executor
	listeners       []carillon.ListenerID
	stored, pending map[place]*belief
}

// refusals are the errors that say that a command was not carried out, and why.
var refusals = []error{
	carillon.ErrNotRunning, carillon.ErrAlreadyRunning, carillon.ErrJobNotFound, carillon.ErrJobExists,
	carillon.ErrUnknownStore, carillon.ErrUnknownExecutor, carillon.ErrAliasInUse,
}

// answered compares an answer with those that are possible: nil, or a refusal.
// It reports whether the command was carried out, and whether that is unknown,
// as it is after a fault.
func (m *model) answered(what string, err error, possible ...error) (done, unknown bool) {
	for _, p := range possible {
		if p == nil && err == nil || p != nil && errors.Is(err, p) {
			return err == nil, false
		}
	}
	for _, refusal := range refusals {
		if errors.Is(err, refusal) {
			m.s.Fatalf("%s: %v; possible: %v", what, err, possible)
		}
	}
	if err == nil || len(m.s.Faults()) == 0 {
		m.s.Fatalf("%s: %v; possible: %v", what, err, possible)
	}
	return false, true
}

func (m *model) command() {
	p := place{"default", fmt.Sprint("job-", m.rand.IntN(4))}
	if m.rand.IntN(2) == 0 {
		p.store = "second"
	}
	switch m.rand.IntN(21) {
	case 0:
		m.start(m.rand.IntN(2) == 0)
	case 1:
		m.pause()
	case 2:
		m.resume()
	case 3:
		m.shutdown()
	case 4, 5, 6:
		m.add(p, m.rand.IntN(2) == 0)
	case 7:
		m.addTwo(p)
	case 8:
		m.one("modify", p, func(b *belief) { b.max = 3 }, func(ctx context.Context) (carillon.Job, error) {
			return m.sched.ModifyJob(ctx, p.id, carillon.Changes{MaxInstances: new(3)}, p.store)
		})
	case 9:
		trigger := m.trigger()
		m.one("reschedule", p, func(b *belief) { b.paused, b.timed, b.trigger = false, true, plain(trigger) }, func(ctx context.Context) (carillon.Job, error) {
			return m.sched.RescheduleJob(ctx, p.id, trigger, p.store)
		})
	case 10:
		m.one("pause job", p, func(b *belief) { b.paused, b.timed = true, true }, func(ctx context.Context) (carillon.Job, error) {
			return m.sched.PauseJob(ctx, p.id, p.store)
		})
	case 11:
		m.one("resume job", p, func(b *belief) { b.paused, b.timed = false, true }, func(ctx context.Context) (carillon.Job, error) {
			return m.sched.ResumeJob(ctx, p.id, p.store)
		})
	case 12:
		m.one("job", p, func(*belief) {}, func(ctx context.Context) (carillon.Job, error) {
			return m.sched.Job(ctx, p.id, p.store)
		})
	case 13:
		m.remove(p)
	case 14:
		m.removeAll(p.store)
	case 15, 16:
		m.list()
	case 17:
		m.storeMember()
	case 18:
		m.executorMember()
	case 19:
		m.listener()
	case 20:
		m.removeSome(p.store)
	}
	m.s.Always(m.sched.State() == m.state, "the state is %v, want %v", m.sched.State(), m.state)
}

// trigger returns one of a few.
func (m *model) trigger() triggers.Trigger {
	t, err := triggers.Every(time.Duration(5+16*m.rand.IntN(4)) * time.Second)
	must(m.s, err)
	return t
}

// plain returns a trigger as text without what it is bound to.
func plain(t triggers.Trigger) string {
	text, _, _ := strings.Cut(fmt.Sprint(t), " ")
	return text
}

// jobs returns the jobs that commands are about in the present state.
func (m *model) jobs() map[place]*belief {
	if m.state == carillon.Stopped {
		return m.pending
	}
	return m.stored
}

func (m *model) start(paused bool) {
	if m.state != carillon.Stopped {
		m.answered("start", m.sched.Start(background), carillon.ErrAlreadyRunning)
		return
	}
	possible, conflict := []error{nil}, []error(nil)
	for p := range m.pending {
		switch b := m.stored[p]; {
		case !m.attached[p.store]:
			possible = []error{carillon.ErrUnknownStore}
		case b == nil || m.pending[p].replace:
		case b.maybe:
			if conflict == nil {
				conflict = []error{nil, carillon.ErrJobExists}
			}
		default:
			conflict = []error{carillon.ErrJobExists}
		}
	}
	if possible[0] == nil && conflict != nil {
		possible = conflict
	}
	start := m.sched.Start
	if paused {
		start = m.sched.StartPaused
	}
	done, _ := m.answered("start", start(background), possible...)
	switch {
	case done:
		m.state = carillon.Running
		if paused {
			m.state = carillon.Paused
		}
		for p, b := range m.pending {
			m.stored[p] = b.succeed(m.stored[p])
		}
		clear(m.pending)
	default:
		for p := range m.pending {
			if b := m.stored[p]; b == nil {
				m.stored[p] = &belief{maybe: true, vague: true}
			} else {
				b.vague = true
			}
		}
		if len(m.pending) > 0 && m.rand.IntN(2) == 0 { // they may be in the way for good
			m.answered("remove pending", m.sched.RemoveAllJobs(background), nil)
			clear(m.pending)
		}
	}
	m.s.Sometimes(done, "the scheduler is started")
}

func (m *model) pause() {
	if done, _ := m.answered("pause", m.sched.Pause(background), m.running()); done {
		m.state = carillon.Paused
	}
}

func (m *model) resume() {
	if done, _ := m.answered("resume", m.sched.Resume(background), m.running()); done {
		m.state = carillon.Running
	}
}

func (m *model) running() error {
	if m.state == carillon.Stopped {
		return carillon.ErrNotRunning
	}
	return nil
}

func (m *model) shutdown() {
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	cancel() // jobs may be stuck
	err := m.sched.Shutdown(ctx)
	if m.state == carillon.Stopped {
		m.answered("shutdown", err, carillon.ErrNotRunning)
		return
	}
	m.s.Always(!errors.Is(err, carillon.ErrNotRunning), "shutdown: %v", err)
	m.state = carillon.Stopped
}

// possible returns how a command about a job can end.
func (m *model) possible(p place, there, missing error) []error {
	b := m.jobs()[p]
	switch {
	case m.state != carillon.Stopped && !m.attached[p.store]:
		return []error{carillon.ErrUnknownStore}
	case b == nil:
		return []error{missing}
	case b.maybe:
		return []error{there, missing}
	}
	return []error{there}
}

func (m *model) add(p place, replace bool) {
	there := carillon.ErrJobExists
	if replace {
		there = nil
	}
	settings := carillon.Job{ID: p.id, Store: p.store, Replace: replace, MaxInstances: 1 + m.rand.IntN(2)}
	before := len(m.s.Faults())
	trigger := m.trigger()
	_, err := m.sched.AddJob(background, body(10*time.Second), trigger, settings)
	possible := m.possible(p, there, nil)
	if len(m.s.Faults()) > before { // a job that is there already can be taken for the one whose adding was not confirmed
		possible = append(possible, nil)
	}
	done, unknown := m.answered("add", err, possible...)
	m.added(p, belief{max: settings.MaxInstances, replace: replace, trigger: plain(trigger)}, done, unknown)
}

// added updates what is known of a job that was to be added.
func (m *model) added(p place, is belief, done, unknown bool) {
	b := m.jobs()[p]
	switch {
	case done && m.state == carillon.Stopped:
		m.jobs()[p] = &is
	case done:
		m.jobs()[p] = is.succeed(b)
	case unknown && b == nil:
		m.jobs()[p] = &belief{maybe: true, vague: true}
	case unknown:
		b.vague = true
	case b != nil && m.attached[p.store]: // it was refused
		b.maybe = false
	}
}

// addTwo adds a job to each store in one command, replacing what is there.
func (m *model) addTwo(p place) {
	if !m.attached["second"] {
		return
	}
	var jobs []carillon.Job
	for _, store := range []string{"default", "second"} {
		jobs = append(jobs, carillon.Job{ID: p.id, Store: store, Replace: true, MaxInstances: 2, Call: body(time.Second), Trigger: m.trigger()})
	}
	_, err := m.sched.AddJobs(background, jobs)
	done, unknown := m.answered("add jobs", err, nil)
	for _, j := range jobs {
		m.added(place{j.Store, p.id}, belief{max: 2, replace: true, trigger: plain(j.Trigger)}, done, unknown)
	}
}

// one is a command about one job.
func (m *model) one(what string, p place, change func(*belief), do func(context.Context) (carillon.Job, error)) {
	j, err := do(background)
	done, unknown := m.answered(what, err, m.possible(p, nil, carillon.ErrJobNotFound)...)
	b := m.jobs()[p]
	switch {
	case done:
		b.maybe = false
		change(b)
		m.compare(what, p, j)
	case unknown && b != nil:
		b.vague = true
	case errors.Is(err, carillon.ErrJobNotFound):
		delete(m.jobs(), p)
	}
}

// compare compares a job with what is known of it, and learns the rest.
func (m *model) compare(what string, p place, j carillon.Job) {
	b := m.jobs()[p]
	if b.vague {
		b.paused, b.max, b.trigger, b.vague = j.Paused, j.MaxInstances, plain(j.Trigger), false
	}
	m.s.Always(j.ID == p.id && j.Paused == b.paused && j.MaxInstances == b.max && plain(j.Trigger) == b.trigger, "%s: %v is %+v, want %+v", what, p, j, *b)
}

func (m *model) remove(p place) {
	err := m.sched.RemoveJob(background, p.id, p.store)
	done, unknown := m.answered("remove", err, m.possible(p, nil, carillon.ErrJobNotFound)...)
	switch b := m.jobs()[p]; {
	case done || errors.Is(err, carillon.ErrJobNotFound):
		delete(m.jobs(), p)
	case unknown && b != nil:
		b.maybe = true
	}
}

// removeSome removes jobs by their IDs, from one store or from the first that
// has each.
func (m *model) removeSome(store string) {
	var ids []string
	for range 1 + m.rand.IntN(4) {
		ids = append(ids, fmt.Sprint("job-", m.rand.IntN(5)))
	}
	if m.rand.IntN(2) == 0 {
		m.removeFrom(ids, store)
		return
	}
	m.removeWherever(ids)
}

func (m *model) removeFrom(ids []string, store string) {
	err := m.sched.RemoveJobs(background, ids, store)
	if m.state != carillon.Stopped && !m.attached[store] {
		m.answered("remove jobs", err, carillon.ErrUnknownStore)
		return
	}
	possible := []error{nil}
	for _, id := range ids {
		switch b := m.jobs()[place{store, id}]; {
		case b == nil:
			possible = []error{carillon.ErrJobNotFound}
		case b.maybe && possible[0] == nil:
			possible = []error{nil, carillon.ErrJobNotFound}
		}
	}
	_, unknown := m.answered("remove jobs", err, possible...)
	absent := missing(err)
	for _, id := range distinct(ids) {
		p := place{store, id}
		b := m.jobs()[p]
		switch {
		case unknown && b != nil:
			b.maybe = true
		case !unknown:
			m.s.Always(absent[id] == (b == nil) || b != nil && b.maybe, "remove jobs: %v; there is %s: %v", err, id, b != nil)
			delete(m.jobs(), p)
		}
	}
	m.s.Sometimes(0 < len(absent) && len(absent) < len(ids), "some jobs are removed and some are missing")
}

// removeWherever leaves the stores out. It asks first what there is, since in
// which store a job is found first depends on the order of the stores.
func (m *model) removeWherever(ids []string) {
	before, err := m.sched.Jobs(background)
	if done, _ := m.answered("jobs", err, nil); !done {
		return
	}
	err = m.sched.RemoveJobs(background, ids)
	gone := map[string]place{}
	for _, j := range before {
		if p := (place{j.Store, j.ID}); gone[j.ID].id == "" && slices.Contains(ids, j.ID) {
			gone[j.ID] = p
		}
	}
	possible := error(nil)
	for _, id := range ids {
		if gone[id].id == "" {
			possible = carillon.ErrJobNotFound
		}
	}
	_, unknown := m.answered("remove jobs", err, possible)
	for _, id := range distinct(ids) {
		switch b := m.jobs()[gone[id]]; {
		case unknown && b != nil:
			b.maybe = true
		case !unknown:
			m.s.Always(missing(err)[id] == (gone[id].id == ""), "remove jobs: %v; was %s there: %v", err, id, gone[id])
			delete(m.jobs(), gone[id])
		}
	}
}

func distinct(ids []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// missing returns the jobs that an error names.
func missing(err error) map[string]bool {
	ids := map[string]bool{}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, fault := range joined.Unwrap() {
			if e, ok := errors.AsType[*carillon.Error](fault); ok && errors.Is(e, carillon.ErrJobNotFound) {
				ids[e.Job] = true
			}
		}
	}
	return ids
}

func (m *model) removeAll(store string) {
	possible := error(nil)
	if m.state != carillon.Stopped && !m.attached[store] {
		possible = carillon.ErrUnknownStore
	}
	done, unknown := m.answered("remove all", m.sched.RemoveAllJobs(background, store), possible)
	for p, b := range m.jobs() {
		switch {
		case p.store != store:
		case done:
			delete(m.jobs(), p)
		case unknown:
			b.maybe = true
		}
	}
}

func (m *model) list() {
	jobs, err := m.sched.Jobs(background)
	if done, _ := m.answered("jobs", err, nil); !done {
		return
	}
	seen := map[place]bool{}
	for _, j := range jobs {
		p := place{j.Store, j.ID}
		b := m.jobs()[p]
		if b == nil {
			m.s.Fatalf("jobs: there is a %v", p)
		}
		b.maybe, seen[p] = false, true
		m.compare("jobs", p, j)
	}
	for p, b := range m.jobs() {
		missing := !seen[p] && (m.state == carillon.Stopped || m.attached[p.store])
		m.s.Always(!missing || b.maybe, "jobs: there is no %v", p)
		if missing {
			delete(m.jobs(), p)
		}
	}
}

// storeMember removes the second store, or adds it again; its jobs stay.
func (m *model) storeMember() {
	if !m.attached["second"] {
		_, busy := m.answered("add store", m.sched.AddStore(background, "second", m.second), nil)
		m.attached["second"] = !busy
		return
	}
	m.answered("add store", m.sched.AddStore(background, "second", m.second), carillon.ErrAliasInUse)
	m.answered("remove store", m.sched.RemoveStore(background, "second"), nil)
	m.answered("remove store", m.sched.RemoveStore(background, "second"), carillon.ErrUnknownStore)
	m.attached["second"] = false
	must(m.s, m.s.Advance(5*time.Minute)) // until it is closed; to open it before is to take it over
}

func (m *model) executorMember() {
	if m.extra {
		m.answered("add executor", m.sched.AddExecutor(background, "extra", m.executor), carillon.ErrAliasInUse)
		m.answered("remove executor", m.sched.DetachExecutor(background, "extra"), nil)
	} else {
		m.answered("remove executor", m.sched.DetachExecutor(background, "extra"), carillon.ErrUnknownExecutor)
		m.answered("add executor", m.sched.AddExecutor(background, "extra", m.executor), nil)
	}
	m.extra = !m.extra
}

func (m *model) listener() {
	if len(m.listeners) == 0 {
		id, err := m.sched.AddListener(func(carillon.Event) {}, messages.MaskAll)
		must(m.s, err)
		m.listeners = append(m.listeners, id)
		return
	}
	for _, want := range []bool{true, false} {
		m.s.Always(m.sched.RemoveListener(m.listeners[0]) == want, "removing a listener is not answered %v", want)
	}
	m.listeners = nil
}
