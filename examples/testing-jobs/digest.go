package main

import (
	"context"
	"sync"
	"time"

	"github.com/carillon-go/carillon"
)

// digest collects news and sends them all at once, on weekdays at eight.
type digest struct {
	send func(ctx context.Context, news []string) error

	mu   sync.Mutex
	news []string
}

// schedule adds the job that sends the digest.
func (d *digest) schedule(s *carillon.Scheduler) error {
	_, err := s.Crontab("TZ=Europe/Berlin 0 8 * * mon-fri", d.run, carillon.Job{
		ID:           "digest",
		MisfireGrace: 4 * time.Hour, // nobody wants it in the afternoon
	})
	return err
}

// add keeps a piece of news for the next digest.
func (d *digest) add(news string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.news = append(d.news, news)
}

// run is the job. If sending fails it tries once more, a minute later; what
// could not be sent goes into the next digest.
func (d *digest) run(ctx context.Context) error {
	d.mu.Lock()
	news := d.news
	d.mu.Unlock()
	if len(news) == 0 {
		return nil
	}
	err := d.send(ctx, news)
	if err != nil {
		if err := carillon.Sleep(ctx, time.Minute); err != nil {
			return err
		}
		err = d.send(ctx, news)
	}
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.news = d.news[len(news):]
	d.mu.Unlock()
	return nil
}
