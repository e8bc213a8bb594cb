package bench

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon/triggers"

	"github.com/carillon-go/carillon"
)

// What does it cost to add a job to a running scheduler, in which so many are
// already?

func BenchmarkAddSingle(b *testing.B) {
	perSize(b, func(b *testing.B, resident int) {
		s, later := withResident(b, resident)
		defer shutdown(b, s)
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			at := triggers.At(later.Add(time.Duration(i) * time.Microsecond))
			if _, err := s.AddJob(b.Context(), carillon.Func(idle), at, carillon.Job{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkAddBulk(b *testing.B) {
	perSize(b, func(b *testing.B, n int) {
		jobs := oneShots(n, time.Now().Add(24*time.Hour), time.Millisecond, idle)
		var adding time.Duration
		for range b.N {
			s, _ := newScheduler(b)
			if err := s.Start(b.Context()); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			if _, err := s.AddJobs(b.Context(), jobs); err != nil {
				b.Fatal(err)
			}
			adding += time.Since(began)
			shutdown(b, s)
		}
		b.ReportMetric(float64(n)*float64(b.N)/adding.Seconds(), "jobs/s")
		b.ReportMetric(0, "ns/op")
	})
}
