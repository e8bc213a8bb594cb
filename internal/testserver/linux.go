//go:build linux

package testserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// account is a user of the machine.
type account struct{ uid, gid int }

// accountOf returns the first of these users that there is, nil if we cannot
// choose.
func accountOf(names []string) *account {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range names {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.Atoi(u.Uid)
			gid, _ := strconv.Atoi(u.Gid)
			return &account{uid, gid}
		}
	}
	return nil
}

// attributes has a program run as the user, and get the signal when the thread
// ends that has started it.
func attributes(as *account, orphaned syscall.Signal) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Pdeathsig: orphaned}
	if as != nil {
		a.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	return a
}

// lockThread keeps the goroutine on its thread, and that thread alive, until
// unlock is called.
func lockThread() (unlock func()) {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

// running reports whether there is a process of this number.
func running(pid string) bool {
	_, err := os.Stat(filepath.Join("/proc", pid))
	return err == nil
}

// install installs packages, if we are allowed to. No service is started.
func install(packages []string) error {
	if os.Geteuid() != 0 {
		return errors.New("the tests are not run by root")
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return err
	}
	ctx, cancel := clock.WithTimeout(context.Background(), clock.Real(), 8*time.Minute)
	defer cancel()
	unlock, err := lockFile(ctx, filepath.Join(os.TempDir(), "carillon-testserver-install.lock"))
	if err != nil {
		return err
	}
	defer unlock()
	defer forbidServices()()
	arguments := append([]string{"install", "-y", "--no-install-recommends"}, packages...)
	if aptGet(ctx, arguments...) == nil {
		return nil
	}
	if err := aptGet(ctx, "update"); err != nil { // its lists may be too old, or none
		return err
	}
	return aptGet(ctx, arguments...)
}

func aptGet(ctx context.Context, arguments ...string) error {
	c := exec.CommandContext(ctx, "apt-get", append([]string{"-o", "DPkg::Lock::Timeout=120"}, arguments...)...)
	c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C")
	c.WaitDelay = 10 * time.Second
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%v: %w: %s", c, err, out)
	}
	return nil
}

// forbidServices has packages start nothing when they are installed.
func forbidServices() (allow func()) {
	const policy = "/usr/sbin/policy-rc.d"
	f, err := os.OpenFile(policy, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil { // there is a policy
		return func() {}
	}
	fmt.Fprint(f, "#!/bin/sh\nexit 101\n")
	f.Close()
	return func() { os.Remove(policy) }
}

// lockFile waits until no other process has the lock.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			return f.Close, nil
		}
		passed, stop := after(100 * time.Millisecond)
		select {
		case <-passed:
		case <-ctx.Done():
			stop()
			return nil, fmt.Errorf("%s: %w: %w", path, ctx.Err(), errors.Join(err, f.Close()))
		}
	}
}
