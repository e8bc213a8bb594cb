//go:build !linux

package testserver

import (
	"errors"
	"syscall"
)

// account is a user of the machine; elsewhere than on Linux servers run as
// whoever runs the tests.
type account struct{ uid, gid int }

func accountOf([]string) *account { return nil }

func attributes(*account, syscall.Signal) *syscall.SysProcAttr { return nil }

func lockThread() (unlock func()) { return func() {} }

func running(string) bool { return true }

func install([]string) error { return errors.New("that is done on Linux only") }
