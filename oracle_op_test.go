package carillon_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/triggers"
)

// do carries out an operation. The result is nil if there is none to tell.
func (w *world) do(ctx context.Context, s step) (json.RawMessage, error) {
	switch s.Op {
	case "start":
		return nil, w.start(ctx, s.Paused)
	case "shutdown":
		return nil, w.shutdown(s.Wait == nil || *s.Wait)
	case "pause":
		return nil, w.scheduler.Pause(ctx)
	case "resume":
		return nil, w.scheduler.Resume(ctx)
	case "state":
		state := w.scheduler.State()
		return marshal(map[string]any{"state": state.String(), "running": w.scheduler.Running()}), nil
	case "add_job":
		return w.addJob(ctx, s)
	case "modify_job":
		changes, err := w.changes(ctx, s)
		if err != nil {
			return nil, err
		}
		return viewOf(w.scheduler.ModifyJob(ctx, s.ID, changes, storeArg(s.Store)...))
	case "reschedule_job":
		t, err := w.trigger(s.Trigger)
		if err != nil {
			return nil, err
		}
		return viewOf(w.scheduler.RescheduleJob(ctx, s.ID, t, storeArg(s.Store)...))
	case "pause_job":
		return viewOf(w.scheduler.PauseJob(ctx, s.ID, storeArg(s.Store)...))
	case "resume_job":
		return viewOf(w.scheduler.ResumeJob(ctx, s.ID, storeArg(s.Store)...))
	case "remove_job":
		return nil, w.scheduler.RemoveJob(ctx, s.ID, storeArg(s.Store)...)
	case "remove_all_jobs":
		return nil, w.scheduler.RemoveAllJobs(ctx, storeArg(s.Store)...)
	case "get_job":
		j, err := w.scheduler.Job(ctx, s.ID, storeArg(s.Store)...)
		if errors.Is(err, carillon.ErrJobNotFound) {
			return null, nil // this is how Go says None
		}
		return viewOf(j, err)
	case "get_jobs":
		jobs, err := w.scheduler.Jobs(ctx, storeArg(s.Store)...)
		if err != nil {
			return nil, err
		}
		views := make([]jobView, len(jobs))
		for i := range jobs {
			views[i] = view(jobs[i])
		}
		return marshal(views), nil
	case "add_executor", "add_jobstore":
		return nil, w.addMember(s)
	case "remove_executor":
		w.executors = without(w.executors, s.Alias)
		return nil, w.scheduler.RemoveExecutor(ctx, s.Alias)
	case "remove_jobstore":
		w.stores = without(w.stores, s.Alias)
		return nil, w.scheduler.RemoveStore(ctx, s.Alias)
	case "add_listener":
		var mask carillon.Mask
		for _, name := range s.Mask {
			mask |= oracleMasks[name]
		}
		id, err := w.scheduler.AddListener(w.listen(s.Name, s.Behaviour), mask)
		w.listeners[s.Name] = id
		return nil, err
	case "remove_listener":
		if !w.scheduler.RemoveListener(w.listeners[s.Name]) {
			return nil, errors.New("no listener")
		}
		return nil, nil
	case "configure":
		config, err := carillon.ConfigFromMap(s.Options, carillon.Plugins{})
		if err != nil {
			return nil, err
		}
		return nil, w.scheduler.SetJobDefaults(ctx, config.JobDefaults)
	case "finish":
		return w.finish(s)
	case "work":
		return w.work(s)
	case "store_fail":
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fails[s.FailStore] = s.Until
		return nil, nil
	}
	return nil, fmt.Errorf("unknown operation %s", s.Op)
}

// start adds the default executor first, if there is none: ours would be a
// pool.
func (w *world) start(ctx context.Context, paused bool) error {
	if w.scheduler.State() == carillon.Stopped && !slices.Contains(w.executors, job.DefaultAlias) {
		if err := w.addExecutor(job.DefaultAlias, "debug"); err != nil {
			return err
		}
	}
	switch {
	case slices.Contains(w.stores, job.DefaultAlias):
	case w.countsByExecutor: // so it must be one that does
		if err := w.addStore(job.DefaultAlias, "memory", ""); err != nil {
			return err
		}
	default:
		w.stores = append(w.stores, job.DefaultAlias)
	}
	if paused {
		return w.scheduler.StartPaused(ctx)
	}
	return w.scheduler.Start(ctx)
}

// shutdown with a context that has ended does not wait; it says what still
// runs.
func (w *world) shutdown(wait bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if wait {
		return w.scheduler.Shutdown(ctx)
	}
	for _, h := range w.hands {
		h.mu.Lock()
		h.mayFinish = false
		h.mu.Unlock()
	}
	cancel()
	err := w.scheduler.Shutdown(ctx)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (w *world) addJob(ctx context.Context, s step) (json.RawMessage, error) {
	j, err := w.job(s.Job)
	if err != nil {
		return nil, err
	}
	return viewOf(w.scheduler.AddJob(ctx, j.Call, j.Trigger, j))
}

func (w *world) addMember(s step) error {
	kind, err := argument[string]("type", s.Type)
	switch {
	case err != nil:
		return err
	case s.Op == "add_executor":
		return w.addExecutor(s.Alias, kind)
	}
	return w.addStore(s.Alias, kind, s.From)
}

func (w *world) addExecutor(alias, kind string) error {
	open := w.executor(alias, kind)
	if open == nil {
		return &doesNotCompile{"there is no executor " + kind}
	}
	err := w.scheduler.AddExecutor(context.Background(), alias, open)
	if err == nil {
		w.executors = append(w.executors, alias)
	}
	return err
}

func (w *world) addStore(alias, kind, from string) error {
	open := w.store(alias, kind, from)
	if open == nil {
		return &doesNotCompile{"there is no store " + kind}
	}
	err := w.scheduler.AddStore(context.Background(), alias, open)
	if err == nil {
		w.stores, w.kept[alias] = append(w.stores, alias), open
	}
	return err
}

func without(list []string, word string) []string {
	return slices.DeleteFunc(list, func(w string) bool { return w == word })
}

// finish ends the oldest instance of a job, or of all.
func (w *world) finish(s step) (json.RawMessage, error) {
	h, i := w.oldest(s.ID, s.Executor, false)
	if h == nil {
		return marshal(map[string]any{"finished": nil}), nil
	}
	h.release(i)
	return marshal(map[string]any{"finished": i.id()}), nil
}

// work has the oldest n instances executed, or all.
func (w *world) work(s step) (json.RawMessage, error) {
	worked := []string{}
	for s.N == 0 || len(worked) < s.N {
		h, i := w.oldest("", s.Executor, true)
		if h == nil {
			break
		}
		h.release(i)
		worked = append(worked, i.id())
	}
	return marshal(map[string]any{"worked": worked}), nil
}

// oldest returns the oldest instance, and the hand that holds it. What was
// submitted at the same time to several hands is in the order in which the
// reference does it: that of the stores, of the first run times, of the IDs.
func (w *world) oldest(id, alias string, late bool) (of *hand, oldest *instance) {
	age := func(a, b *instance, sameHand bool) int {
		store := func(i *instance) int { return slices.Index(w.stores, i.runs[0].Store) }
		order := cmp.Or(a.at.Compare(b.at), cmp.Compare(store(a), store(b)))
		if sameHand { // it knows the rest
			return order
		}
		return cmp.Or(order, a.runs[0].First.Compare(b.runs[0].First), cmp.Compare(a.id(), b.id()))
	}
	for _, h := range w.hands {
		if h.late != late || alias != "" && alias != h.alias {
			continue
		}
		for _, i := range h.held() {
			if (id == "" || id == i.id()) && (oldest == nil || age(i, oldest, of == h) < 0) {
				of, oldest = h, i
			}
		}
	}
	return of, oldest
}

// jobView is how the result of an operation shows a job.
type jobView struct {
	ID      string          `json:"id"`
	Next    json.RawMessage `json:"next_run_time"`
	Pending bool            `json:"pending"`
}

func view(j carillon.Job) jobView { return jobView{recordedID(j.ID), nextOf(j), j.Pending} }

// viewOf shows a job; the zero Job means that it is gone.
func viewOf(j carillon.Job, err error) (json.RawMessage, error) {
	if err != nil {
		return nil, err
	}
	if j.ID == "" {
		return null, nil
	}
	return marshal(view(j)), nil
}

func nextOf(j carillon.Job) json.RawMessage {
	switch {
	case !j.NextRunTime.IsZero():
		return marshal(refTime(j.NextRunTime))
	case j.Paused:
		return null
	}
	return marshal("unset")
}

// jobs is the table of jobs.
func (w *world) jobs() (rows []jobRow) {
	jobs, err := w.scheduler.Jobs(context.Background())
	if err != nil {
		w.t.Error(err)
	}
	for _, j := range jobs {
		rows = append(rows, jobRow{
			ID: recordedID(j.ID), Store: orDefault(j.Store), Pending: j.Pending, Next: nextOf(j), Executor: orDefault(j.Executor),
			Coalesce:     set(j.Coalesce, j.Coalesce == job.Latest),
			Grace:        graceOf(j),
			MaxInstances: set(j.MaxInstances, j.MaxInstances),
		})
	}
	return rows
}

func graceOf(j carillon.Job) json.RawMessage {
	if j.MisfireGrace == carillon.NoMisfireGrace {
		return null
	}
	return set(j.MisfireGrace, j.MisfireGrace.Seconds())
}

// set is a value, or "unset" if its setting is open.
func set[S comparable](setting S, value any) json.RawMessage {
	var open S
	if setting == open {
		return marshal("unset")
	}
	return marshal(value)
}

func orDefault(alias string) string {
	if alias == "" {
		return job.DefaultAlias
	}
	return alias
}

func storeArg(alias string) []string {
	if alias == "" {
		return nil
	}
	return []string{alias}
}

func marshal(value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return data
}

// kinds of errors: of the reference's, and of ours.
const (
	notRunning      = "not running"
	alreadyRunning  = "already running"
	jobNotFound     = "job not found"
	jobExists       = "job exists"
	unknownStore    = "unknown store"
	unknownExecutor = "unknown executor"
	aliasInUse      = "alias in use"
	badValue        = "bad value"
)

// kind of an error of the reference, or what faultOf has made of ours.
func (f *fault) kind() string {
	switch f.Type {
	case "SchedulerNotRunningError":
		return notRunning
	case "SchedulerAlreadyRunningError":
		return alreadyRunning
	case "JobLookupError":
		return jobNotFound
	case "ConflictingIdError":
		return jobExists
	case "KeyError":
		if strings.HasPrefix(f.Message, "No such job store") {
			return unknownStore
		}
		if strings.HasPrefix(f.Message, "No such executor") {
			return unknownExecutor
		}
	case "ValueError":
		if strings.Contains(f.Message, "already has a") {
			return aliasInUse
		}
		return badValue
	case "TypeError", "AttributeError", "LookupError", "ZoneInfoNotFoundError":
		return badValue
	case "Go":
		return f.Message
	}
	return f.Type + ": " + f.Message
}

func faultOf(err error) *fault {
	if err == nil {
		return nil
	}
	for _, k := range []struct {
		err  error
		kind string
	}{
		{carillon.ErrNotRunning, notRunning},
		{carillon.ErrAlreadyRunning, alreadyRunning},
		{carillon.ErrJobNotFound, jobNotFound},
		{carillon.ErrJobExists, jobExists},
		{carillon.ErrUnknownStore, unknownStore},
		{carillon.ErrUnknownExecutor, unknownExecutor},
		{carillon.ErrAliasInUse, aliasInUse},
	} {
		if errors.Is(err, k.err) {
			return &fault{"Go", k.kind}
		}
	}
	var field *carillon.FieldError
	var trigger *triggers.Error
	var static *doesNotCompile
	if errors.As(err, &field) || errors.As(err, &trigger) || errors.As(err, &static) {
		return &fault{"Go", badValue}
	}
	return &fault{"Go", err.Error()}
}
