package bench

import (
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// What does it cost to add a job and to remove it, in a scheduler in which so
// many are?

func BenchmarkChurn(b *testing.B) {
	perSize(b, func(b *testing.B, resident int) {
		s, later := withResident(b, resident)
		defer shutdown(b, s)
		b.ReportAllocs()
		b.ResetTimer()
		for i := range b.N {
			at := triggers.At(later.Add(time.Duration(i) * time.Microsecond))
			if _, err := s.AddJob(b.Context(), carillon.Func(idle), at, carillon.Job{ID: "guest"}); err != nil {
				b.Fatal(err)
			}
			if err := s.RemoveJob(b.Context(), "guest"); err != nil {
				b.Fatal(err)
			}
		}
	})
}
