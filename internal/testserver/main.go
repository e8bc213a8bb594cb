package testserver

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// Main runs the tests of a package, stops the servers that they have started,
// and fails if a goroutine is left then. It does not return.
func Main(m *testing.M) { goleak.VerifyTestMain(thenStop{m}) }

type thenStop struct{ *testing.M }

func (m thenStop) Run() (status int) {
	status = m.M.Run()
	for _, s := range servers.all {
		if err := s.remove(); err != nil {
			fmt.Fprintf(os.Stderr, "testserver: %s: %v\n", s.name, err)
			status = max(status, 1)
		}
	}
	return status
}

// servers are those that this test binary has made.
var servers struct {
	mu     sync.Mutex // held while one is made
	all    []*server
	shared map[string]*server // by kind and options
}

const folder = "carillon-testserver-"

// newFolder makes a folder for a server's files, and removes those that dead
// test binaries have left.
func newFolder() (string, error) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), folder+"*"))
	for _, path := range left {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), folder), "-")
		if !running(pid) {
			os.RemoveAll(path)
		}
	}
	return os.MkdirTemp("", fmt.Sprintf("%s%d-", folder, os.Getpid()))
}
