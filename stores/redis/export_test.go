package redis

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

// SetClock has all scripts read the time, in microseconds, from a key under the
// prefix instead of the server's clock, until the test ends. It returns the name
// of the key without the prefix.
func SetClock(t testing.TB) (key string) {
	for _, sc := range []*script{openScript, putScript, deleteScript, getScript, listScript, historyScript, heartbeatScript, resignScript, claimScript, finishScript} {
		real := *sc
		t.Cleanup(func() { *sc = real })
		const reading = "call('TIME')"
		if strings.Count(sc.text, reading) != 1 {
			t.Fatal("the scripts do not read the time where they did")
		}
		sc.text = strings.Replace(sc.text, reading, "{0, tonumber(call('GET', base .. 'clock'))}", 1)
		sum := sha1.Sum([]byte(sc.text))
		sc.sha = hex.EncodeToString(sum[:])
	}
	return "clock"
}

// Format is what Carillon's data are marked with.
var Format = fmt.Sprint(format)
