// Http runs a scheduler inside an HTTP server, and ends both in good order.
//
//	go run ./examples/http            # ends by itself, after three seconds
//	go run ./examples/http -for 0     # ends at ctrl-C, or at SIGTERM
//
//	curl localhost:8080/jobs
//	curl localhost:8080/metrics
//	curl -X POST localhost:8080/jobs/cleanup/pause
//	curl -X POST localhost:8080/jobs/cleanup/resume
//	curl -X POST localhost:8080/reports/march
//
// The metrics are for Prometheus; package metrics says what they are. The last
// line is the usual way to do work after a request has been answered: a job
// without a trigger runs once, as soon as possible.
//
// At the end, first the server stops to take requests and answers those that it
// has; then the scheduler starts no more runs and waits for those that go on.
// Both share ten seconds. A run that is still going on by then has its context
// cancelled, and a second to notice.
//
// http_test.go tests the handlers with a fake clock.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
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
	limit := flag.Duration("for", 3*time.Second, "when to end; 0: at a signal only")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *limit)
		defer cancel()
	}
	if err := run(ctx, os.Stdout, *addr); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, w io.Writer, addr string) error {
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		return err
	}
	if _, err := s.Every(time.Second, cleanup(w), carillon.Job{ID: "cleanup"}); err != nil {
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
	fmt.Fprintf(w, "listening on http://%s\n", listener.Addr())

	server := &http.Server{Handler: routes(s, w)}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case <-ctx.Done():
	case err = <-served: // it has failed
	}

	bound, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err = errors.Join(err, server.Shutdown(bound), s.Shutdown(bound))
	fmt.Fprintln(w, "goodbye")
	return err
}

func cleanup(w io.Writer) carillon.Func {
	return func(context.Context) error {
		_, err := fmt.Fprintln(w, "cleaned up")
		return err
	}
}
