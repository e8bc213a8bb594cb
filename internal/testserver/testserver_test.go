package testserver_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/carillon-go/carillon/internal/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m) }

var kinds = map[string]func(testing.TB, ...testserver.Option) *testserver.Database{
	"postgres": testserver.Postgres,
	"redis":    testserver.Redis,
	"mariadb":  testserver.MariaDB,
}

// hello makes a PostgreSQL server wait for questions, rather than for a client's
// name.
const hello = "\x00\x00\x00\x29\x00\x03\x00\x00user\x00carillon\x00database\x00postgres\x00\x00"

// dial returns a connection to a server, or nil.
func dial(address string) net.Conn {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil
	}
	return c
}

// connect returns a connection to a server of this kind, or nil.
func connect(kind, address string) net.Conn {
	c := dial(address)
	if c != nil && kind == "postgres" {
		io.WriteString(c, hello)
		c.Read(make([]byte, 1))
	}
	return c
}

func eachKind(t *testing.T, test func(t *testing.T, kind string)) {
	for kind := range kinds {
		t.Run(kind, func(t *testing.T) { test(t, kind) })
	}
}

// A server can be stopped, killed and started, and keeps its address.
func TestLife(t *testing.T) {
	eachKind(t, func(t *testing.T, kind string) {
		db := kinds[kind](t)
		for what, end := range map[string]func(){"Stop": db.Stop, "Kill": db.Kill} {
			c := connect(kind, db.Address)
			if c == nil {
				t.Fatalf("before %s nobody listens", what)
			}
			end()
			if _, err := io.Copy(io.Discard, c); err != nil && !errors.Is(err, net.ErrClosed) && !strings.Contains(err.Error(), "reset") {
				t.Errorf("%s: the connection ended with %v", what, err)
			}
			c.Close()
			if c := dial(db.Address); c != nil {
				t.Errorf("after %s somebody listens", what)
				c.Close()
			}
			db.Start()
		}
	})
}

// Two tests share a server and no database.
func TestFresh(t *testing.T) {
	eachKind(t, func(t *testing.T, kind string) {
		a, b, c := kinds[kind](t), kinds[kind](t), kinds[kind](t, testserver.Own)
		if a.Address != b.Address || a.DSN == b.DSN || c.Address == a.Address {
			t.Errorf("got %s, %s and %s", a.DSN, b.DSN, c.DSN)
		}
	})
}

// A test that leaves the server stopped does not concern the next.
func TestLeftStopped(t *testing.T) {
	for _, part := range []string{"first", "second"} {
		t.Run(part, func(t *testing.T) {
			db := testserver.Redis(t)
			c := dial(db.Address)
			if c == nil {
				t.Fatal("nobody listens")
			}
			c.Close()
			db.Stop()
		})
	}
}

const orphan = "CARILLON_TESTSERVER_ORPHAN"

// A server dies with the test binary that is killed.
func TestOrphans(t *testing.T) {
	if kind := os.Getenv(orphan); kind != "" {
		fmt.Printf("address=%s\n", kinds[kind](t).Address)
		select {} // until it is killed
	}
	if runtime.GOOS != "linux" {
		t.Skip("that is so on Linux only")
	}
	eachKind(t, func(t *testing.T, kind string) {
		kinds[kind](t) // skips what is not there
		c := exec.Command(os.Args[0], "-test.run", "^TestOrphans$")
		c.Env = append(os.Environ(), orphan+"="+kind)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var address string
		for lines := bufio.NewScanner(out); address == "" && lines.Scan(); {
			_, address, _ = strings.Cut(lines.Text(), "address=")
		}
		server := connect(kind, address)
		c.Process.Kill()
		c.Wait()
		if server == nil {
			t.Fatal("there was no server")
		}
		defer server.Close()
		io.Copy(io.Discard, server) // ends when the server does
	})
}

// echo serves one that says what it hears.
func echo(t *testing.T) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func TestProxy(t *testing.T) {
	p := testserver.Proxy(t, echo(t))
	c := dial(p.Address)
	defer c.Close()
	hear := func(c net.Conn, text string) error {
		heard := make([]byte, len(text))
		if _, err := io.ReadFull(c, heard); err != nil {
			return err
		}
		if string(heard) != text {
			return fmt.Errorf("heard %q, want %q", heard, text)
		}
		return nil
	}
	say := func(c net.Conn, text string) error {
		if _, err := io.WriteString(c, text); err != nil {
			return err
		}
		return hear(c, text)
	}
	if err := say(c, "one"); err != nil || p.Connections() != 1 {
		t.Fatal(err, p.Connections())
	}

	p.Stall()
	told := make(chan error)
	go func() { told <- say(c, "two") }()
	select {
	case err := <-told:
		t.Fatal("a stalled line passes:", err)
	default:
	}
	p.Pass()
	if err := <-told; err != nil {
		t.Fatal(err)
	}

	p.Break()
	if say(c, "three") == nil {
		t.Error("a broken connection passes")
	}
	again := dial(p.Address)
	defer again.Close()
	if err := say(again, "four"); err != nil {
		t.Error("after Break:", err)
	}

	p.Cut()
	if say(again, "five") == nil {
		t.Error("a connection that was cut passes")
	}
	if c := dial(p.Address); c != nil {
		if say(c, "six") == nil {
			t.Error("a line that is cut lets a new connection pass")
		}
		c.Close()
	}
}

// A pooler passes on what it is told.
func TestPgBouncer(t *testing.T) {
	db := testserver.Postgres(t)
	pooler := testserver.PgBouncer(t, db)
	if pooler.Address == db.Address || pooler.DSN != db.DSNAt(pooler.Address) {
		t.Errorf("got %s for %s", pooler.DSN, db.DSN)
	}
	c := connect("postgres", pooler.Address)
	if c == nil {
		t.Fatal("nobody listens")
	}
	c.Close()
}
