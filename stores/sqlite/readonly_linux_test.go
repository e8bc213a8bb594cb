package sqlite_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// nobody is a user who may only do what all may.
const nobody = 65534

// asNobody opens a file with that user's permissions.
func asNobody(t *testing.T, path string) error {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	me := os.Geteuid()
	if err := syscall.Setfsuid(nobody); err != nil || me != 0 {
		t.Skip("only root can be somebody else")
	}
	defer func() { must(t, syscall.Setfsuid(me)) }()
	s, err := sqlite.Open(path)(t.Context(), stores.Env{Alias: "jobs"})
	if err == nil {
		must(t, s.Close())
	}
	return err
}

func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Chmod(filepath.Dir(dir), 0o755))
	path := filepath.Join(dir, "jobs.db")
	must(t, open(t, path, noon).Close())
	must(t, os.Chmod(dir, 0o755))
	must(t, os.Chmod(path, 0o644))
	if err := asNobody(t, path); err == nil || !strings.Contains(err.Error(), "the file or its directory cannot be written to") {
		t.Errorf("a file for reading: got error %v", err)
	}
	if err := asNobody(t, filepath.Join(dir, "new.db")); err == nil || !strings.Contains(err.Error(), "the file cannot be opened; look at the permissions") {
		t.Errorf("a directory for reading: got error %v", err)
	}
	must(t, os.Chmod(path, 0))
	if err := asNobody(t, path); err == nil || !strings.Contains(err.Error(), "the file cannot be opened; look at the permissions") {
		t.Errorf("a file for nobody: got error %v", err)
	}
}
