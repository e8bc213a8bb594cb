package planner

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A curve says the same as counting spans at every second.
func TestCurve(t *testing.T) {
	start := time.Unix(0, 0)
	second := func(n int) time.Time { return start.Add(time.Duration(n) * time.Second) }
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		const length = 60
		var spans []span
		var naive [length]int
		for range r.IntN(20) {
			from, to := r.IntN(length), r.IntN(length)
			spans = append(spans, span{second(from), second(to)})
			for at := from; at < to; at++ {
				naive[at]++
			}
		}
		from := r.IntN(length)
		to := from + 1 + r.IntN(length-from)
		peak, sum, atLeast2 := 0, 0, 0
		for _, n := range naive[from:to] {
			peak, sum = max(peak, n), sum+n
			if n >= 2 {
				atLeast2++
			}
		}
		c, s := curveOf(spans), span{second(from), second(to)}
		if got, at := c.peak(s); got != peak || peak > 0 && naive[at.Unix()] != peak {
			t.Errorf("seed %d: the peak is %d at %d, want %d", seed, got, at.Unix(), peak)
		}
		if got, want := c.mean(s), float64(sum)/float64(to-from); math.Abs(got-want) > 1e-9 {
			t.Errorf("seed %d: the mean is %v, want %v", seed, got, want)
		}
		if got, want := c.atLeast(2, s), time.Duration(atLeast2)*time.Second; got != want {
			t.Errorf("seed %d: two for %v, want %v", seed, got, want)
		}
	}
}
