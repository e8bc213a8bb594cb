package clock

import (
	"testing"
	"time"
)

func lookingOut() bool {
	lookout.mu.Lock()
	defer lookout.mu.Unlock()
	return lookout.out
}

// Somebody looks out for a timer that goes off soon, for the last one if they
// follow each other, and not for ever.
func TestLookout(t *testing.T) {
	fired := make(chan struct{})
	for range 3 {
		Real().AfterFunc(2*time.Millisecond, func() { fired <- struct{}{} })
		if !lookingOut() {
			t.Fatal("nobody looks out for a timer of 2ms")
		}
		<-fired
	}
	for tries := 0; lookingOut(); tries++ {
		if tries == 1000 {
			t.Fatal("the lookout stays out for more than a second without a timer")
		}
		nap(time.Now().Add(time.Millisecond))
	}
	Real().AfterFunc(time.Hour, func() {}).Stop()
	if lookingOut() {
		t.Error("somebody looks out for a timer that runs for an hour")
	}
}

// A kernel timer that was set again expires at the later time only.
func TestKernelTimerIsSetAgain(t *testing.T) {
	timer := newKernelTimer()
	if timer.err != nil {
		t.Skip(timer.err)
	}
	defer timer.file.Close()
	begin := time.Now()
	if err := timer.set(time.Microsecond); err != nil {
		t.Fatal(err)
	}
	nap(begin.Add(time.Millisecond)) // it has expired, and nobody has waited
	begin = time.Now()
	if err := timer.nap(3 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 3*time.Millisecond {
		t.Errorf("it has expired after %v, want 3ms", took)
	}
}
