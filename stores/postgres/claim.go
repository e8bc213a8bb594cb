package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// ClaimDue takes two round trips, with Done too; a further one for jobs whose
// settings were not seen before, and some if a scheduler has died or a run is
// handed out again.
func (s *store) ClaimDue(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	if err := s.begin(ctx, "claim"); err != nil {
		return nil, err
	}
	claimed, err := s.claim(ctx, c)
	if c.Seq != 0 && s.distrust(ctx, err) {
		claimed, err = s.claim(ctx, c) // which repeats it, if it has been carried out
	}
	if len(c.Done) > 0 && (is(err, lockNotAvailable) || is(err, deadlockDetected)) {
		return stores.FinishFirst(ctx, s, c) // others have waited for what this has ended
	}
	switch {
	case err == job.ErrLeaseExpired:
		return nil, about("claim", s.alias, "", err)
	case err != nil:
		return nil, s.fail(ctx, "claim", "", err)
	}
	s.wrote(ctx, len(c.Done)+len(claimed.Lost)+len(claimed.Skipped)+len(claimed.Parked))
	return claimed, nil
}

func (s *store) claim(ctx context.Context, c *stores.Claim) (*stores.Claimed, error) {
	k := &claiming{store: s, Decision: s.memory.Begin(c, s.alias), ctx: ctx, live: map[string]claim.Live{}}
	return k.carryOut()
}

// claiming is one ClaimDue.
type claiming struct {
	*store
	*claim.Decision
	ctx  context.Context
	conn *pgxpool.Conn

	alive      bool
	finished   stores.Finished // the answer to Done
	answered   int64           // the number of the node's last claim
	dead, free bool            // there are nodes that have died, runs that nobody holds
	buried     bool            // nodes

	schemaVersion int

	page   []dueJob     // locked
	size   int          // how many were asked for
	behind claim.Job    // the last one of the page before
	met    int          // how many jobs were on all pages
	stuck  int          // those of them that are not to be planned
	unfit  []dueJob     // that this process does not know
	places []pgtype.TID // of the rows of jobs that are planned, by their Row
	live   map[string]claim.Live
	block  int64     // of run IDs
	ahead  time.Time // when a job is due that is not yet
	left   time.Time // when one was due that Limit has left
}

// carryOut decides in a transaction.
func (k *claiming) carryOut() (_ *stores.Claimed, err error) {
	if k.conn, err = k.pool.Acquire(k.ctx); err != nil {
		return nil, err
	}
	defer k.conn.Release() // which closes it, if the transaction is not over
	if err := k.look(true); err != nil {
		return nil, err
	}
	if err := k.supports(k.schemaVersion); err != nil {
		return nil, k.giveUp(err)
	}
	if !k.alive {
		return nil, k.giveUp(job.ErrLeaseExpired)
	}
	if k.Seq != 0 && (k.memory.Repeats(k.Claim) || k.answered == int64(k.Seq)) {
		return k.repeat()
	}
	if len(k.Done) > 0 {
		k.Claimed.Finished = &k.finished
	}
	if k.dead || k.free {
		if err := k.relieve(); err != nil {
			return nil, err
		}
		if err := k.look(false); err != nil {
			return nil, err
		}
	}
	if err := k.planPages(); err != nil {
		return nil, err
	}
	if err := k.number(); err != nil {
		return nil, err
	}
	k.doubt = k.Decision
	if err := k.write(); is(err, lockNotAvailable) {
		return nil, k.giveUp(err)
	} else if err != nil {
		return nil, err
	}
	k.doubt = nil
	k.memory.Keep(k.Decision)
	k.store.stuck = k.stuck
	return k.Claimed, nil
}

// giveUp ends the transaction without an effect.
func (k *claiming) giveUp(because error) error {
	if _, err := k.conn.Exec(k.ctx, "rollback"); err != nil {
		return err
	}
	return because
}

// repeat answers a claim that was carried out before.
func (k *claiming) repeat() (*stores.Claimed, error) {
	held, err := k.runs(heldRuns, k.Node, int64(k.Seq))
	if err != nil {
		return nil, err
	}
	if k.doubt != nil && k.doubt.Node == k.Node && k.doubt.Seq == k.Seq {
		k.memory.Keep(k.doubt) // it was committed, though the answer was lost
	}
	k.doubt = nil
	told := make([]job.Run, len(held))
	for i := range held {
		told[i] = held[i].Told(held[i].Spec, k.alias)
	}
	again := k.memory.Again(k.Claim, told)
	if len(k.Done) == 0 {
		return again, k.giveUp(nil)
	}
	again.Finished = &k.finished
	_, err = k.conn.Exec(k.ctx, "commit")
	return again, err
}

// planPages plans due jobs until Limit is reached, or there are no more.
func (k *claiming) planPages() error {
	for {
		candidates, err := k.admit()
		if err != nil {
			return err
		}
		if planned := k.Plan(candidates); planned < len(candidates) {
			k.left = candidates[planned].Next
		}
		switch {
		case k.Claimed.More:
			return nil
		case len(k.page) < k.size:
			return k.tellUnfit()
		}
		k.behind = k.page[len(k.page)-1].Job
		if err := k.look(false); err != nil {
			return err
		}
	}
}

// admit returns the jobs of the page that are to be planned.
func (k *claiming) admit() (candidates []claim.Job, err error) {
	if err := k.load(k.page); err != nil {
		return nil, err
	}
	k.met += len(k.page)
	candidates = make([]claim.Job, 0, len(k.page))
	for i := range k.page {
		j := &k.page[i]
		if !k.Admits(&j.Job) {
			k.stuck++
			continue
		}
		j.Live, j.Row = k.live[j.ID], len(k.places)
		k.places = append(k.places, j.place)
		candidates = append(candidates, j.Job)
	}
	return candidates, nil
}

// tellUnfit tells of the due jobs that this process does not know.
func (k *claiming) tellUnfit() error {
	if err := k.load(k.unfit); err != nil {
		return err
	}
	strangers := make([]claim.Job, len(k.unfit))
	for i := range k.unfit {
		strangers[i] = k.unfit[i].Job
	}
	k.Meet(strangers)
	return nil
}

const findSpecs = `
SELECT s.job, s.task, s.executor, s.kind, s.max_instances, s.delivery, s.spec::text
FROM unnest($1::text[], $2::bigint[]) AS u (job, born) JOIN @.spec AS s ON s.job = ANY (ARRAY[u.job]) AND s.born = u.born`

// load fills in the settings of jobs.
func (k *claiming) load(page []dueJob) error {
	var ids []string
	var born []int64
	for i := range page {
		j := &page[i]
		if j.Spec = k.cache.Find(j.ID, j.Put); j.Spec == nil {
			ids, born = append(ids, toText(j.ID)), append(born, j.Born)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := k.conn.Query(k.ctx, k.sql(findSpecs), ids, born)
	if err != nil {
		return err
	}
	read := make(map[string]*rows.Settings, len(ids))
	for found.Next() {
		var id string
		var s putSettings
		if err := found.Scan(append([]any{&id}, s.into()...)...); err != nil {
			return err
		}
		read[toID(id)] = s.rows()
	}
	if err := found.Err(); err != nil {
		return err
	}
	for i := range page {
		if j := &page[i]; j.Spec == nil {
			s := read[j.ID]
			if s == nil { // somebody has deleted it by hand
				s = &rows.Settings{}
			}
			j.Spec = k.cache.Add(j.ID, j.Put, s)
		}
	}
	return nil
}

// Run IDs are given out in blocks: a claim asks for one number, in which this
// many IDs are.
const blockBits = 12

// number gives the new runs their IDs.
func (k *claiming) number() error {
	n := k.Unnumbered()
	if n == 0 {
		return nil
	}
	ids := make([]int64, n)
	for i := range ids {
		at := i & (1<<blockBits - 1)
		if i > 0 && at == 0 || k.block == 0 {
			if err := k.conn.QueryRow(k.ctx, k.sql(nextBlock)).Scan(&k.block); err != nil {
				return err
			}
		}
		ids[i] = k.block<<blockBits + int64(at)
	}
	k.Number(ids)
	return nil
}
