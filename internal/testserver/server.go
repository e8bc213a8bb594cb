package testserver

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/carillon-go/carillon/clock"
)

// patience is how long a server may take to start, or to stop.
const patience = 60 * time.Second

// kind is what has to be known of a server program.
type kind struct {
	name     string
	programs []string // the server, and what else is needed to set it up
	packages []string // in which distributions have them
	users    []string // to run it as, if we are root
	ready    string   // what it says when it is
	quit     syscall.Signal
	orphaned syscall.Signal // what it gets if the test binary dies

	// setUp fills the server's empty folder; nil: nothing to do.
	setUp func(s *server) error

	// arguments are those of the server program.
	arguments func(s *server) []string

	// create makes the nth empty database, from 1, and returns its DSN with
	// "ADDRESS" for host and port.
	create func(s *server, n int) (dsn string, drop func() error, err error)
}

// server is one server, which may be running or not.
type server struct {
	*kind
	durable bool
	paths   map[string]string // of its programs
	user    *account          // nil: our own
	folder  string
	port    string

	mu      sync.Mutex // guards everything below
	process *process   // nil: it does not run
	made    int        // databases
}

func (s *server) address() string { return net.JoinHostPort("127.0.0.1", s.port) }

func (s *server) file(name string) string { return filepath.Join(s.folder, name) }

// newServer sets up a server and starts it.
func newServer(k *kind, paths map[string]string, durable bool) (s *server, err error) {
	s = &server{kind: k, paths: paths, durable: durable, user: accountOf(k.users)}
	if s.folder, err = newFolder(); err != nil {
		return nil, err
	}
	servers.all = append(servers.all, s)
	if s.user != nil {
		if err := os.Chown(s.folder, s.user.uid, s.user.gid); err != nil {
			return nil, err
		}
	}
	if s.setUp != nil {
		if err := s.setUp(s); err != nil {
			return nil, err
		}
	}
	for range 3 { // somebody may take the port before the server does
		if s.port, err = freePort(); err == nil {
			err = s.start()
		}
		if err == nil {
			return s, nil
		}
	}
	return nil, err
}

// freePort returns a port that nobody listens on.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// command prepares one of the server's programs.
func (s *server) command(program string, arguments ...string) *exec.Cmd {
	c := exec.Command(s.paths[program], arguments...)
	c.Dir = s.folder
	c.Env = append(os.Environ(), "LC_ALL=C", "HOME="+s.folder)
	c.SysProcAttr = attributes(s.user, s.orphaned)
	return c
}

// run runs one of the programs to its end.
func (s *server) run(program string, arguments ...string) error {
	if out, err := s.command(program, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, out)
	}
	return nil
}

// count numbers the databases.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	return s.made
}

// start starts the server if it does not run, and waits until it is ready.
func (s *server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process != nil {
		return nil
	}
	p, err := launch(s.command(s.programs[0], s.arguments(s)...), s.ready)
	if err == nil {
		s.process = p
	}
	return err
}

// end sends the running server a signal, and waits until it is gone.
func (s *server) end(signal os.Signal) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil {
		return nil
	}
	err := s.process.end(signal)
	s.process = nil
	return err
}

// remove kills the server and removes its files.
func (s *server) remove() error {
	err := s.end(s.orphaned)
	return errors.Join(err, os.RemoveAll(s.folder))
}

// process is a running program.
type process struct {
	command *exec.Cmd
	output  output
	ended   chan struct{}
}

// launch starts a program and waits until it says that it is ready.
func launch(c *exec.Cmd, ready string) (*process, error) {
	p := &process{command: c, output: output{awaits: []byte(ready), seen: make(chan struct{})}, ended: make(chan struct{})}
	c.Stdout, c.Stderr = &p.output, &p.output
	c.WaitDelay = patience
	var failure error
	var life sync.WaitGroup
	life.Go(func() {
		defer close(p.ended)
		defer lockThread()()
		if failure = c.Start(); failure == nil {
			failure = c.Wait()
		}
	})
	alarm, stop := after(patience)
	defer stop()
	select {
	case <-p.output.seen:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("%s ended before it was ready: %w\n%s", c.Path, cmp.Or(failure, errors.New("no error")), &p.output)
	case <-alarm:
		return nil, errors.Join(fmt.Errorf("%s is not ready after %v\n%s", c.Path, patience, &p.output), p.end(os.Kill))
	}
}

// end signals the program and waits until it and its children are gone.
func (p *process) end(signal os.Signal) error {
	if err := p.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	alarm, stop := after(patience)
	defer stop()
	select {
	case <-p.ended:
		return nil
	case <-alarm:
		p.command.Process.Kill()
		<-p.ended
		return fmt.Errorf("%s had to be killed, for it did not end within %v of: %v\n%s", p.command.Path, patience, signal, &p.output)
	}
}

// after returns a channel that is closed when d has passed, unless stop is
// called before.
func after(d time.Duration) (passed <-chan struct{}, stop func() bool) {
	c := make(chan struct{})
	return c, clock.Real().AfterFunc(d, func() { close(c) }).Stop
}
