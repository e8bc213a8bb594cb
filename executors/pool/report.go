package pool

import "github.com/carillon-go/carillon/job"

// fullReport is the number of results that are reported without waiting for
// more.
const fullReport = 256

// results are those that are to be reported, in the order in which the runs
// ended. As long as that is the order of their batch they are left where they
// are; otherwise they are copied.
type results struct {
	list  []job.Result
	batch *batch // of all in the list, one after the other; nil: they are copies
	end   int    // index behind the last of them there
}

func (r *results) len() int { return len(r.list) }

// add adds the result of the run of b at an index.
func (r *results) add(b *batch, at int) {
	switch {
	case len(r.list) == 0:
		*r = results{b.results[at : at+1 : at+1], b, at + 1}
	case r.batch == b && r.end == at:
		begin := at - len(r.list)
		*r = results{b.results[begin : at+1 : at+1], b, at + 1}
	default:
		*r = results{list: append(r.list, b.results[at])}
	}
}

// take returns all results and forgets them.
func (r *results) take() []job.Result {
	list := r.list
	*r = results{}
	return list
}

// report hands the results over to the host, unless there are none or
// somebody else is at it: one at a time, so that they arrive in the order in
// which the runs ended. It is called with the mutex held, and releases it
// while the host is at work; so others may have added results when it returns
// true, and the caller must look again before it goes into a job or leaves. If the
// host ends the goroutine, as a handler of logs can with testing's FailNow, it is
// with the mutex held, too.
func (p *pool) report() bool {
	if p.reporting || p.results.len() == 0 {
		return false
	}
	list := p.results.take()
	p.reporting = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.reporting = false
	}()
	p.host.Report(list)
	return true
}
