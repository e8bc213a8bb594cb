package carillon

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/carillon-go/carillon/actors"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// Every adds a job that calls run once in each interval, for the first time one
// interval from now, or at the Job's NextRunTime: with the present time there it
// runs at once as well. At most one [Job] may follow: it has the settings, and
// leaves Call and Trigger open. So it is with Crontab, Cron and At.
//
// A Go function cannot be stored: for a job that outlives the process use
// [Scheduler.AddJob] with a task.
func (s *Scheduler) Every(interval time.Duration, run Func, settings ...Job) (Job, error) {
	trigger, err := triggers.Every(interval)
	return s.addOne(run, trigger, err, settings)
}

// Crontab adds a job that runs run when a crontab expression says so, for
// instance "30 2 * * mon-fri"; see [triggers.NewCrontab].
func (s *Scheduler) Crontab(expression string, run Func, settings ...Job) (Job, error) {
	trigger, err := triggers.NewCrontab(expression, triggers.Options{})
	return s.addOne(run, trigger, err, settings)
}

// Cron adds a job that runs run when the fields say so; see
// [triggers.NewCron].
func (s *Scheduler) Cron(fields triggers.CronFields, run Func, settings ...Job) (Job, error) {
	trigger, err := triggers.NewCron(fields, triggers.Options{})
	return s.addOne(run, trigger, err, settings)
}

// At adds a job that runs run once, at t.
func (s *Scheduler) At(t time.Time, run Func, settings ...Job) (Job, error) {
	return s.addOne(run, triggers.At(t), nil, settings)
}

func (s *Scheduler) addOne(run Func, trigger triggers.Trigger, err error, settings []Job) (Job, error) {
	if err != nil {
		return Job{}, err
	}
	var job Job
	switch len(settings) {
	case 0:
	case 1:
		job = settings[0]
	default:
		return Job{}, &FieldError{Field: "settings", Reason: "are more than one Job; give at most one"}
	}
	if job.Call != nil || job.Trigger != nil {
		return Job{}, &FieldError{Field: "settings", Reason: "have a Call or a Trigger as well; leave these out, or use AddJob"}
	}
	return s.AddJob(context.Background(), run, trigger, job)
}

// AddJob adds a job that makes call, which is Func(f) or a task's With(args), when
// trigger says so, with the settings of job, and returns it as it was stored.
// What is nil of call and trigger is job.Call and job.Trigger; without a trigger
// there either the job runs once, now. Before the scheduler is started the job
// waits; it gets its first run time at the start.
//
// Errors: a joined [FieldError] for each setting that cannot be accepted;
// [ErrJobExists] if the store has a job of this ID and job.Replace is not set;
// [ErrUnknownStore]; [ErrTransientJob]; the store's own. APScheduler: add_job.
func (s *Scheduler) AddJob(ctx context.Context, call Call, trigger triggers.Trigger, job Job) (Job, error) {
	if call != nil {
		job.Call = call
	}
	if trigger != nil {
		job.Trigger = trigger
	}
	if err := job.Validate(); err != nil {
		return Job{}, err
	}
	added, err := s.addAccepted(ctx, []Job{job})
	if err != nil {
		return Job{}, err
	}
	return added[0], nil
}

// AddJobs adds jobs with their Call and Trigger, in one step for each store:
// either all jobs of a store are added or none. Jobs that replace others
// ([Job].Replace) may take several steps; it fails with [ErrConflict] if one of
// them changes each time that it is read.
func (s *Scheduler) AddJobs(ctx context.Context, jobs []Job) ([]Job, error) {
	jobs, err := accepted(jobs)
	if err != nil {
		return nil, err
	}
	return s.addAccepted(ctx, jobs)
}

func (s *Scheduler) addAccepted(ctx context.Context, jobs []Job) ([]Job, error) {
	return actors.Ask(ctx, s.system, &messages.AddJobs{Reply: messages.To[[]Job](), Jobs: jobs})
}

// Job returns a job. The last argument, here and wherever it is called store,
// names the job's store; it may be left out, which means the first store that
// has a job of this ID, or all stores where many jobs are meant. Errors:
// [ErrJobNotFound]; [ErrUnknownStore], also for more than one name; the store's
// own. APScheduler: get_job.
func (s *Scheduler) Job(ctx context.Context, id string, store ...string) (Job, error) {
	return actors.Ask(ctx, s.system, &messages.GetJob{Reply: messages.To[Job](), Target: target(id, store)})
}

// Jobs returns the jobs of the store, or of all, each store's in order of
// their next run times, paused ones last. They are read while the scheduler goes
// on: what is added, changed or removed meanwhile may be there as it was before
// or as it is then. APScheduler: get_jobs.
func (s *Scheduler) Jobs(ctx context.Context, store ...string) ([]Job, error) {
	return actors.Ask(ctx, s.system, &messages.ListJobs{Reply: messages.To[[]Job](), Store: only(store)})
}

// AllJobs returns the jobs of the store, or of all, in order of store and ID.
// Unlike [Scheduler.Jobs] it reads them in pages while it is iterated over, so
// that a million of them take no memory; what is added or removed meanwhile may
// be there or not. It ends with the first error: [ErrUnknownStore], the store's
// own.
func (s *Scheduler) AllJobs(ctx context.Context, store ...string) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		aliases := []string{only(store)}
		if aliases[0] == "" {
			var err error
			if aliases, err = actors.Ask(ctx, s.system, &messages.ListStores{Reply: messages.To[[]string]()}); err != nil {
				yield(Job{}, err)
				return
			}
			slices.Sort(aliases)
		}
		for _, alias := range aliases {
			if !s.yieldJobs(ctx, alias, yield) {
				return
			}
		}
	}
}

// jobPage is how many jobs are asked for at a time.
const jobPage = 500

func (s *Scheduler) yieldJobs(ctx context.Context, alias string, yield func(Job, error) bool) (more bool) {
	for after := ""; ; {
		jobs, err := s.page(ctx, alias, after, jobPage)
		if err != nil {
			yield(Job{}, err)
			return false
		}
		for _, j := range jobs {
			if !yield(j, nil) {
				return false
			}
		}
		if len(jobs) < jobPage {
			return true
		}
		after = jobs[len(jobs)-1].ID
	}
}

// PageJobs returns up to limit jobs of one store (the "default" one, if none is
// named) in order of ID, beginning behind after ("" for the first page). Fewer
// than limit means that there are no more. It is for what shows jobs page by page;
// to go through all of them, use [Scheduler.AllJobs]. Errors: those of AllJobs, and
// a [FieldError] if limit is less than 1.
func (s *Scheduler) PageJobs(ctx context.Context, after string, limit int, store ...string) ([]Job, error) {
	if limit < 1 {
		return nil, &FieldError{Field: "limit", Reason: fmt.Sprintf("is %d; give 1 or more", limit)}
	}
	return s.page(ctx, or(only(store), job.DefaultAlias), after, limit)
}

func (s *Scheduler) page(ctx context.Context, store, after string, limit int) ([]Job, error) {
	return actors.Ask(ctx, s.system, &messages.PageJobs{Reply: messages.To[[]Job](), Store: store, After: after, Limit: limit})
}

// PrepareJobs returns jobs as AddJobs would store them now: with an ID, complete
// settings and their first run time. Nothing is stored, and the scheduler need not
// be started. It is for stores that put jobs in a transaction of the program's
// own, with what else that writes:
//
//	jobs, err := s.PrepareJobs(ctx, []carillon.Job{{Call: Welcome.With(user), Trigger: triggers.At(noon)}})
//	…
//	err = jobStore.PutTx(ctx, tx, stores.Insert, jobs)
func (s *Scheduler) PrepareJobs(ctx context.Context, jobs []Job) ([]Job, error) {
	jobs, err := accepted(jobs)
	if err != nil {
		return nil, err
	}
	return actors.Ask(ctx, s.system, &messages.PrepareJobs{Reply: messages.To[[]Job](), Jobs: jobs})
}

// ModifyJob changes a job, all of the changes or none. A run that is under way
// is not touched. APScheduler: modify_job.
func (s *Scheduler) ModifyJob(ctx context.Context, id string, changes Changes, store ...string) (Job, error) {
	if err := changes.Validate(); err != nil {
		return Job{}, err
	}
	return actors.Ask(ctx, s.system, &messages.ModifyJob{Reply: messages.To[Job](), Target: target(id, store), Changes: changes})
}

// RescheduleJob gives a job another trigger (nil: once, now) and works its next
// run time out anew, as of now: what was due by the old one and has not begun is
// dropped. A job that was paused is so no longer. A trigger without a time zone
// takes the scheduler's, whatever the zone of the one before. APScheduler:
// reschedule_job.
func (s *Scheduler) RescheduleJob(ctx context.Context, id string, trigger triggers.Trigger, store ...string) (Job, error) {
	if err := (Changes{Trigger: trigger}).Validate(); err != nil {
		return Job{}, err
	}
	return actors.Ask(ctx, s.system, &messages.RescheduleJob{Reply: messages.To[Job](), Target: target(id, store), Trigger: trigger})
}

// PauseJob keeps a job from running until it is resumed. APScheduler:
// pause_job.
func (s *Scheduler) PauseJob(ctx context.Context, id string, store ...string) (Job, error) {
	return actors.Ask(ctx, s.system, &messages.PauseJob{Reply: messages.To[Job](), Target: target(id, store)})
}

// ResumeJob works a job's next run time out anew, as of now: the times that
// have passed while it was paused are not made up for. The same goes for what a
// job that was not paused has due. If the trigger has ended the job is removed,
// and the zero Job is returned. APScheduler: resume_job.
func (s *Scheduler) ResumeJob(ctx context.Context, id string, store ...string) (Job, error) {
	return actors.Ask(ctx, s.system, &messages.ResumeJob{Reply: messages.To[Job](), Target: target(id, store)})
}

// RemoveJob removes a job. A run that is under way goes on and is reported.
// APScheduler: remove_job.
func (s *Scheduler) RemoveJob(ctx context.Context, id string, store ...string) error {
	_, err := actors.Ask(ctx, s.system, &messages.RemoveJob{Reply: messages.To[none](), Target: target(id, store)})
	return err
}

// RemoveJobs removes jobs, in one step for each store and with one message,
// which for many is far quicker than one at a time. The store may be left out as
// above, for each job by itself. An ID that is given twice counts once.
//
// A job that does not exist is no obstacle, since jobs also end on their own:
// the others are removed all the same, and the error joins an error of type
// *[Error] with [ErrJobNotFound] for each such ID. With any other error it is
// not certain which have been removed.
func (s *Scheduler) RemoveJobs(ctx context.Context, ids []string, store ...string) error {
	_, err := actors.Ask(ctx, s.system, &messages.RemoveJobs{Reply: messages.To[none](), IDs: distinct(ids), Store: only(store)})
	return err
}

// RemoveAllJobs removes the jobs of the store, or of all. APScheduler:
// remove_all_jobs.
func (s *Scheduler) RemoveAllJobs(ctx context.Context, store ...string) error {
	_, err := actors.Ask(ctx, s.system, &messages.RemoveAllJobs{Reply: messages.To[none](), Store: only(store)})
	return err
}

func target(id string, store []string) messages.Target {
	return messages.Target{ID: id, Store: only(store)}
}

// distinct returns a copy of ids in which each stands once.
func distinct(ids []string) []string {
	seen := make(map[string]bool, len(ids))
	once := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}

// only returns the alias of the store that is named, or "". Several are the
// alias of none, and so refused.
func only(store []string) string { return strings.Join(store, " and ") }
