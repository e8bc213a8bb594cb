package actors

import (
	"fmt"
	"unicode/utf8"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
)

// finish has outcomes recorded: behind the messages that are in the mailbox
// already, together with the outcomes that these bring, or with the next claim.
// What cannot be recorded then is kept and tried again when the Store has been
// left alone for a while.
func (s *store) finish(results []job.Result) {
	s.take(results)
	if !s.recording && s.retry == nil {
		s.recording = true
		s.send(s.self, &record{})
	}
}

func (s *store) take(results []job.Result) {
	for i := range results {
		s.done = append(s.done, outcome(&results[i]))
	}
}

func outcome(r *job.Result) stores.Done {
	done := stores.Done{
		RunID:    r.Run.ID,
		Attempt:  r.Run.Attempt,
		JobID:    r.Run.JobID,
		Outcome:  r.Outcome,
		Started:  r.Started,
		Finished: r.Finished,
	}
	if r.Err != nil {
		done.Err = brief(fmt.Sprint(r.Err)) // Sprint survives an Error method that panics
	}
	return done
}

// maxReason is how many bytes of a text are recorded. Some jobs fail often, and
// with all of what they worked on in the error.
const maxReason = 4 << 10

// brief returns what is recorded of a text: if it is long, its beginning, and how
// much is missing.
func brief(text string) string {
	if len(text) <= maxReason {
		return text
	}
	end := maxReason
	for end > maxReason-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return fmt.Sprintf("%s… (and %d bytes more)", text[:end], len(text)-end)
}

// recordable returns what a claim has to record: nothing as long as the Store is
// left alone.
func (s *store) recordable() []stores.Done {
	if s.retry != nil {
		return nil
	}
	return s.done
}

// recorded is told what has come of a claim that had outcomes to record. A nil
// answer says that it has failed.
func (s *store) recorded(claim *stores.Claim, answer *stores.Claimed) {
	switch {
	case len(claim.Done) == 0:
	case answer == nil:
		s.record()
	case answer.Finished == nil:
		s.host.log.Error("the Store claims without recording Claim.Done; package stores says how it should", "store", s.alias)
		s.record()
	default:
		s.forgetDone()
	}
}

func (s *store) record() {
	if err := s.recordDone(); err != nil {
		s.host.log.Error("outcomes not recorded yet", "store", s.alias, "runs", len(s.done), "err", err)
		s.publish(&messages.StoreFailed{At: s.host.rt.Now(), Alias: s.alias, Err: &job.Error{Op: "record outcomes", Store: s.alias, Err: err}})
		s.retryRecord()
	}
}

func (s *store) recordDone() error {
	if len(s.done) == 0 {
		return nil
	}
	var finished stores.Finished
	err := s.call(func() (err error) {
		finished, err = s.store.Finish(s.ctx, s.node, s.done)
		return err
	})
	if err != nil {
		s.unrecorded = true
		return err
	}
	s.forgetDone()
	if s.unrecorded { // it may have been done before, and the answer lost: what is due now is not known
		s.unrecorded, finished.Next = false, s.host.rt.Now()
	}
	if !finished.Next.IsZero() {
		s.send(s.host.scheduler, &messages.Due{Member: s.name, At: finished.Next})
	}
	return nil
}

// spareDone is for how many outcomes memory is kept, at the most.
const spareDone = 16 * claimLimit

// forgetDone keeps the memory for the next outcomes, unless it is that of an
// unusual backlog.
func (s *store) forgetDone() {
	clear(s.done)
	s.done = s.done[:0]
	if cap(s.done) > spareDone {
		s.done = nil
	}
}

func (s *store) retryRecord() {
	if s.retry != nil {
		return
	}
	self, host := s.self, s.host
	s.retry = host.rt.AfterFunc(host.config.RetryInterval, func() { host.post(self, &record{}) })
}
