package postgres_test

import (
	"context"
	"database/sql"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/triggers"
)

type Person struct{ Name string }

type Month struct{ Year, Month int }

var (
	db      *pgxpool.Pool
	Welcome = carillon.NewTask("welcome", func(context.Context, Person) error { return nil })
)

// A run may be repeated: its key is the job's ID with the scheduled time, and
// its attempt number a fencing token.
var Invoice = carillon.NewTask("invoice", func(ctx context.Context, m Month) error {
	run, _ := carillon.FromContext(ctx)
	_, err := db.Exec(ctx, `INSERT INTO invoices (job, month, attempt) VALUES ($1, $2, $3)
		ON CONFLICT (job, month) DO UPDATE SET attempt = $3 WHERE invoices.attempt < $3`, run.JobID, run.Scheduled, run.Attempt)
	return err
})

// The same in each of several processes: each due run is executed by one of
// them.
func ExampleOpen() {
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": postgres.Open("postgres://jobs@db/app")},
		Tasks:  carillon.NewTasks(Welcome, Invoice),
		Lease:  15 * time.Second, // the default
	})
	if err != nil {
		log.Fatal(err)
	}
	log.Print(s.Run(context.Background()))
}

// A job that exists exactly when the order does.
func ExampleConfig_PutTx() {
	ctx := context.Background()
	config := postgres.Config{DSN: "postgres://jobs@db/app"}
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": config.Open},
		Tasks:  carillon.NewTasks(Welcome),
	})
	if err != nil {
		log.Fatal(err)
	}
	welcome := func(tx pgx.Tx, name string) error {
		if _, err := tx.Exec(ctx, "INSERT INTO people (name) VALUES ($1)", name); err != nil {
			return err
		}
		jobs, err := s.PrepareJobs(ctx, []carillon.Job{{
			Call:    Welcome.With(Person{name}),
			Trigger: triggers.At(time.Now().Add(time.Hour)),
		}})
		if err != nil {
			return err
		}
		return config.PutTx(ctx, tx, stores.Insert, jobs)
	}
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return welcome(tx, "Ada") })
	if err != nil {
		log.Fatal(err)
	}
}

// With database/sql, whose driver is pgx, the transaction is begun on the
// connection behind one of the pool.
func ExampleConfig_PutTx_databaseSQL() {
	ctx := context.Background()
	people, err := sql.Open("pgx", "postgres://jobs@db/app")
	if err != nil {
		log.Fatal(err)
	}
	welcome := func(pgx.Tx) error { return nil } // as in the example before

	conn, err := people.Conn(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(driver any) error {
		return pgx.BeginFunc(ctx, driver.(*stdlib.Conn).Conn(), welcome)
	})
	if err != nil {
		log.Print(err)
	}
}
