// Hello is the smallest program: one job, three times.
//
//	go run ./examples/hello
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/carillon-go/carillon"
)

func main() {
	s, err := carillon.New(carillon.Config{}) // jobs in memory, a goroutine for each run
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Every(time.Second, func(ctx context.Context) error {
		fmt.Println("hello")
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3500*time.Millisecond)
	defer cancel()
	if err := s.Run(ctx); err != nil { // until ctx ends; then it waits for runs under way
		log.Fatal(err)
	}
}
