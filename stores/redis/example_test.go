package redis_test

import (
	"log"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

// Schedulers that are given the same server and prefix share their jobs.
func ExampleOpen() {
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{"default": redis.Open("redis://user:password@localhost:6379/0")},
	})
	if err != nil {
		log.Fatal(err)
	}
	_ = s
}

// A program may bring its own client, here that of a cluster.
func ExampleConfig_client() {
	client := goredis.NewClusterClient(&goredis.ClusterOptions{Addrs: []string{"one:6379", "two:6379"}})
	defer client.Close() // after the shutdown
	s, err := carillon.New(carillon.Config{
		Stores: carillon.Stores{
			"default": redis.Config{Client: client, Prefix: "reports"}.Open,
			"mail":    redis.Config{Client: client, Prefix: "mail", History: stores.Retention{Count: -1}}.Open,
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_ = s
}
