// Dashboard shows a scheduler in a browser, to those who have a password.
//
//	go run ./examples/dashboard -for 0     # ends at ctrl-C; without -for 0, after three seconds
//
// Then look at http://localhost:8080/carillon/, as "viewer", who may look, or as
// "admin", who may also pause, run and remove jobs; the password of both is
// "carillon", or what -password says. A script can do the same:
//
//	curl -u viewer:carillon localhost:8080/carillon/jobs.json
//	curl -u admin:carillon -d action=pause-job -d store=default -d id=nightly localhost:8080/carillon/do.json
//
// main_test.go tests who may do what.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/carillon-go/carillon"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	password := flag.String("password", "carillon", "what visitors have to know")
	limit := flag.Duration("for", 3*time.Second, "when to end; 0: at a signal only")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *limit)
		defer cancel()
	}
	if err := run(ctx, os.Stdout, *addr, *password); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, w io.Writer, addr, password string) error {
	s, err := carillon.New(carillon.Config{Logger: slog.New(slog.DiscardHandler)}) // some jobs fail, on purpose
	if err != nil {
		return err
	}
	if err := addJobs(s); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := s.Start(ctx); err != nil {
		return err
	}
	fmt.Fprintf(w, "look at http://%s/carillon/\n", listener.Addr())

	server := &http.Server{Handler: routes(s, password), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case <-ctx.Done():
	case err = <-served: // it has failed
	}
	bound, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(bound), s.Shutdown(bound))
}
