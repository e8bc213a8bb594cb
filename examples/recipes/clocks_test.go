package recipes_test // where package clock has its own name

import (
	"fmt"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/stores/postgres"
	"github.com/carillon-go/carillon/stores/sqlite"
)

func Example_clocks() {
	dsn := "postgres://jobs@db/app"
	steady := carillon.Config{Clock: clock.Steady(clock.Real())}
	precise := carillon.Config{Clock: clock.Precise(), Stores: carillon.Stores{"default": postgres.Open(dsn)}}
	durable := carillon.Config{Stores: carillon.Stores{"default": sqlite.Open("jobs.db")}}
	for _, config := range []carillon.Config{steady, precise, durable} {
		_, err := carillon.New(config)
		fmt.Println(err)
	}
	// Output:
	// <nil>
	// <nil>
	// <nil>
}
