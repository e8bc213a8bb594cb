package sqlite

import (
	"time"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/claim"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// calm is what claims need not look at: the first of the due jobs, all parked,
// as long as nobody changes anything there. What this connection does is
// noticed in the places that do it, what others do by the version of the data;
// and it is looked at anew once a minute.
type calm struct {
	until rows.Job // the last of these jobs, by next run time and ID
	since time.Time
	known *stores.Known
	data  int64
}

const calmFor = time.Minute

// begun is a calm without jobs.
var begun = rows.Job{Next: rows.Never}

// undisturbed returns behind which job the due ones are to be read.
func (s *store) undisturbed(d *claim.Decision) (rows.Job, error) {
	c := &s.calm
	if age := d.Now.Sub(c.since); c.until.ID == "" || d.Known != c.known || age < 0 || age >= calmFor {
		*c = calm{until: begun}
		return begun, nil
	}
	data, err := s.dataVersion()
	if data != c.data {
		*c = calm{until: begun}
	}
	return c.until, err
}

// remember says of what the calm is that a claim has found.
func (s *store) remember(d *claim.Decision) (err error) {
	if c := &s.calm; c.until.ID != "" && c.since.IsZero() {
		c.since, c.known = d.Now, d.Known
		c.data, err = s.dataVersion()
	}
	return err
}

// dataVersion changes when another connection has written to the file.
func (s *store) dataVersion() (version int64, err error) {
	err = s.row("PRAGMA data_version", nil, &version)
	return version, err
}

// disturb notes that the next run time of a job has changed, or its settings.
func (s *store) disturb(next int64) {
	if next != rows.Never && next <= s.calm.until.Next {
		s.calm = calm{until: begun}
	}
}

// settle takes the jobs of a page into the calm, as far as none of them was
// admitted; and reports whether all of them were.
func (s *store) settle(page []rows.Job, admitted []claim.Job) bool {
	n := len(page)
	if len(admitted) > 0 {
		for n = 0; page[n].ID != admitted[0].ID; n++ {
		}
	}
	if n > 0 {
		s.calm.until = page[n-1]
	}
	return n == len(page)
}
