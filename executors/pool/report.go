package pool

import (
	"slices"
)

// fullReport is the number of results that are reported without waiting for
// more.
const fullReport = 256

// report hands the results over to the host, unless there are none or
// somebody else is at it: one at a time, so that they arrive in the order in
// which the runs ended. It is called with the mutex held, and releases it
// while the host is at work; so others may have added results when it returns
// true, and the caller must look again before it goes into a job or leaves.
func (p *pool) report() bool {
	if p.reporting || len(p.results) == 0 {
		return false
	}
	results := p.results
	p.results, p.spare, p.reporting = p.spare, nil, true
	p.mu.Unlock()
	p.host.Report(slices.Clone(results))
	clear(results)
	p.mu.Lock()
	p.spare, p.reporting = results[:0], false
	return true
}
