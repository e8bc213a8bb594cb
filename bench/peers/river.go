package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// River v0.51.1, tuned: two thousand workers, and jobs are fetched and looked
// for as often as brings something, where the defaults are ten times a second
// and every second.

type riverArgs struct {
	To string `json:"to"`
}

func (riverArgs) Kind() string { return "peers.run" }

type riverWorker struct {
	river.WorkerDefaults[riverArgs]
	runs *atomic.Int64
}

func (w *riverWorker) Work(context.Context, *river.Job[riverArgs]) error {
	w.runs.Add(1)
	return nil
}

func measureRiver(c Case, s scale) (Sample, error) {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv(databaseVariable)+"&pool_max_conns=20")
	if err != nil {
		return Sample{}, err
	}
	defer pool.Close()
	if err := migrateRiver(ctx, pool); err != nil {
		return Sample{}, err
	}
	var runs atomic.Int64
	var clients []*river.Client[pgx.Tx]
	for range schedulersOf(c.Variant) {
		workers := river.NewWorkers()
		river.AddWorker(workers, &riverWorker{runs: &runs})
		client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
			ID:                fmt.Sprintf("client-%d", len(clients)),
			Logger:            silent(nil),
			Queues:            map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2_000}},
			Workers:           workers,
			FetchCooldown:     2 * time.Millisecond,
			FetchPollInterval: 20 * time.Millisecond,
		})
		if err != nil {
			return Sample{}, err
		}
		clients = append(clients, client)
	}
	if err := insertRiver(ctx, clients[0], c.N); err != nil {
		return Sample{}, err
	}

	end := begin()
	for _, client := range clients {
		if err := client.Start(ctx); err != nil {
			return Sample{}, err
		}
	}
	done := wait(s, int64(c.N), &runs)
	var stopped sync.WaitGroup
	for _, client := range clients {
		stopped.Go(func() { check(client.Stop(ctx)) }) // which records the ends
	}
	stopped.Wait()
	return durableSample(done, int(runs.Load()), c, s, end()), nil
}

func migrateRiver(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: silent(nil)})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func insertRiver(ctx context.Context, client *river.Client[pgx.Tx], n int) error {
	for left := n; left > 0; {
		params := make([]river.InsertManyParams, min(left, 1000))
		for i := range params {
			params[i].Args = riverArgs{"ada@example.com"}
		}
		inserted, err := client.InsertManyFast(ctx, params)
		if err != nil {
			return err
		}
		left -= inserted
	}
	return nil
}
