package bench

import "testing"

// What does it cost to list so many jobs?

func BenchmarkList(b *testing.B) {
	perSize(b, func(b *testing.B, resident int) {
		if resident > 100_000 {
			b.Skip("a list takes some kilobytes for each job")
		}
		s, _ := withResident(b, resident)
		defer shutdown(b, s)
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			if _, err := s.Jobs(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
